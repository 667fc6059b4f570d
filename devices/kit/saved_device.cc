#include "devices/kit/saved_device.h"

namespace nyx::dev {

StateUnit save_device(std::string_view name, std::string_view type, const Device& device) {
    StateWriter writer;
    device.save(writer);
    return {std::string(name), std::string(type), device.state_version(), writer.take()};
}

Status restore_device(std::string_view name, std::string_view type, Device& device, const StateUnit& unit) {
    if (unit.path != name || unit.type != type)
        return fail(ErrorCode::kCorrupt, "saved state is of '{}' ({}), not of '{}' ({})", unit.path, unit.type, name,
                    type);
    if (unit.version < 1 || unit.version > device.state_version())
        return fail(ErrorCode::kUnsupported, "saved state of '{}' has version {}, this device reads up to {}",
                    unit.path, unit.version, device.state_version());
    StateReader reader(unit.fields, unit.version);
    auto restored = device.restore(reader);
    if (!restored) return fail(std::move(restored).error().in(fmt::format("device '{}'", name)));
    return {};
}

}  // namespace nyx::dev

#include "devices/companions/generation_id.h"

namespace nyx::dev::companions {

GenerationId::GenerationId(const Environment& environment) : id_(environment.generation.value_or(Guid{})) {
    if (!environment.generation && environment.random) environment.random(id_);
}

Status GenerationId::join(described::Described& device) {
    NYX_ASSIGN(const std::uint32_t low, source_of(device.program(), "low", 64));
    NYX_ASSIGN(const std::uint32_t high, source_of(device.program(), "high", 64));
    device.signal(low, load_le<std::uint64_t>(id_.data()));
    device.signal(high, load_le<std::uint64_t>(id_.data() + 8));
    return {};
}

}  // namespace nyx::dev::companions

#include "runtime/cli/consoles.h"

namespace nyx::cli {
namespace {

constexpr std::string_view kSerialType = "serial";

std::string text_setting(const std::map<std::string, plan::Setting>& settings, const char* name) {
    auto found = settings.find(name);
    if (found == settings.end()) return "";
    const auto* text = std::get_if<std::string>(&found->second);
    return text == nullptr ? "" : *text;
}

// "backend" is "stdio", "pty", "none", or "file", whose place is "backend.path": the fields of a variant stand beside
// it.
Result<dev::BackendSpec> wired(const std::map<std::string, plan::Setting>& settings) {
    std::string backend = text_setting(settings, "backend");
    if (backend.empty()) return dev::BackendSpec{};
    if (backend == "file") return dev::parse_backend("file:" + text_setting(settings, "backend.path"));
    return dev::parse_backend(backend);
}

}  // namespace

Result<std::unique_ptr<Consoles>> Consoles::open(const plan::MachinePlan& plan, const plan::HostWiring& wiring,
                                                 const std::optional<dev::BackendSpec>& serial) {
    auto consoles = std::make_unique<Consoles>();
    const plan::DevicePlan* first_serial = plan.find_type(kSerialType);
    if (serial && first_serial == nullptr)
        return fail(Error{ErrorCode::kInvalidArgument, fmt::format("{} has no serial port for --serial", plan.name),
                          "add `serial com1 { }` to the machine"});
    for (const plan::DevicePlan& device : plan.devices) {
        dev::BackendSpec spec;
        auto settings = wiring.find(device.name);
        if (serial && &device == first_serial) {
            spec = *serial;
        } else if (settings != wiring.end()) {
            auto parsed = wired(settings->second);
            if (!parsed) return fail(std::move(parsed).error().in(device.name));
            spec = *parsed;
        }
        if (spec.kind == dev::BackendKind::kNull) continue;
        auto backend = dev::open_backend(spec);
        if (!backend) return fail(std::move(backend).error().in(device.name));
        consoles->ends_[device.name] = {spec.kind, std::move(*backend)};
    }
    return consoles;
}

dev::ByteSink& Consoles::output(const std::string& device) {
    auto end = ends_.find(device);
    return end == ends_.end() ? nowhere_ : end->second.backend->sink();
}

Status Consoles::connect(vm::Machine& machine, vm::EventLoop& loop, InputPump::Filter typed) {
    for (auto& [name, end] : ends_) {
        vm::DeviceSlot* slot = machine.find_device(name);
        if (slot == nullptr || slot->device->byte_receiver() == nullptr || end.backend->input_fd() < 0) continue;
        auto filter = end.kind == dev::BackendKind::kStdio ? typed : nullptr;
        auto pump = std::make_unique<InputPump>(machine, loop, *end.backend, *slot, std::move(filter));
        InputPump& started = *pump;
        pumps_[name] = std::move(pump);
        NYX_TRY(started.start());
    }
    return {};
}

void Consoles::room(const std::string& device) {
    auto pump = pumps_.find(device);
    if (pump != pumps_.end()) pump->second->room();
}

bool Consoles::uses_stdin() const {
    for (const auto& [name, end] : ends_)
        if (end.kind == dev::BackendKind::kStdio && end.backend->input_fd() >= 0) return true;
    return false;
}

std::vector<std::string> Consoles::announcements() const {
    std::vector<std::string> lines;
    for (const auto& [name, end] : ends_)
        if (end.kind == dev::BackendKind::kPty) lines.push_back(name + ": " + end.backend->description());
    return lines;
}

std::vector<std::string> Consoles::losses() const {
    std::vector<std::string> lines;
    for (const auto& [name, end] : ends_)
        if (end.backend->dropped() != 0)
            lines.push_back(fmt::format("{}: {} bytes of output were lost, because {} did not take them", name,
                                        end.backend->dropped(), end.backend->description()));
    return lines;
}

}  // namespace nyx::cli

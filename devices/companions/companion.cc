#include "devices/companions/companion.h"

#include <algorithm>

#include "devices/companions/firmware_config.h"
#include "devices/companions/generation_id.h"
#include "devices/companions/legacy_timers.h"
#include "devices/companions/pci_bus.h"

namespace nyx::dev::companions {
namespace {

// The host has nothing for such a device: its words are heard by nobody, its sources stay silent.
class Nobody final : public Companion {
  public:
    Status join(described::Described&) override { return {}; }
    void take(std::uint32_t, std::uint64_t) override {}
};

template <class T>
std::unique_ptr<Companion> of(const Environment& environment) {
    return std::make_unique<T>(environment);
}

template <>
std::unique_ptr<Companion> of<PciBus>(const Environment&) {
    return std::make_unique<PciBus>();
}

template <>
std::unique_ptr<Companion> of<Nobody>(const Environment&) {
    return std::make_unique<Nobody>();
}

struct Entry {
    std::string_view type;
    std::unique_ptr<Companion> (*make)(const Environment& environment);
};
constexpr Entry kCompanions[] = {
    {"fw_cfg", of<FirmwareConfig>}, {"hpet", of<LegacyTimers>},
    {"i8237", of<Nobody>},          {"pci", of<PciBus>},
    {"smi_port", of<Nobody>},       {"vm_generation_id", of<GenerationId>},
};

template <class Port>
Result<std::uint32_t> number_of(const ir::Program& program, const std::vector<Port>& ports, std::string_view name,
                                unsigned bits) {
    const auto found = std::ranges::find(ports, name, &Port::name);
    if (found == ports.end() || found->bits != bits)
        return fail(ErrorCode::kInvalidArgument, "its program '{}' has no port '{}' of {} bits", program.name, name,
                    bits);
    return static_cast<std::uint32_t>(found - ports.begin());
}

}  // namespace

std::unique_ptr<Companion> make(std::string_view type, const Environment& environment) {
    const auto* const found = std::ranges::find(kCompanions, type, &Entry::type);
    return found == std::end(kCompanions) ? nullptr : found->make(environment);
}

Result<std::uint32_t> source_of(const ir::Program& program, std::string_view name, unsigned bits) {
    return number_of(program, program.sources, name, bits);
}

Result<std::uint32_t> sink_of(const ir::Program& program, std::string_view name, unsigned bits) {
    return number_of(program, program.sinks, name, bits);
}

Result<std::uint32_t> query_of(const ir::Program& program, std::string_view name, unsigned about, unsigned bits) {
    NYX_ASSIGN(const std::uint32_t found, number_of(program, program.queries, name, bits));
    if (program.queries[found].about == about) return found;
    return fail(ErrorCode::kInvalidArgument, "its program '{}' asks '{}' about {} bits", program.name, name,
                program.queries[found].about);
}

Result<std::uint32_t> derived_of(const ir::Program& program, std::string_view name) {
    const auto found = std::ranges::find(program.derives, name, &ir::Derive::name);
    if (found == program.derives.end())
        return fail(ErrorCode::kInvalidArgument, "its program '{}' derives no '{}'", program.name, name);
    return found->value;
}

}  // namespace nyx::dev::companions

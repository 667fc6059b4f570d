#include "runtime/replay/digests.h"

namespace nyx::replay {

Result<Digests> digests_of(const vm::Machine& machine) {
    NYX_ASSIGN(std::vector<dev::StateUnit> units, machine.save_parts());
    Bytes state;
    for (const dev::StateUnit& unit : units) {
        Bytes bytes = dev::encode_state(unit);
        state.insert(state.end(), bytes.begin(), bytes.end());
    }
    return Digests{machine.turns()->instructions(), machine.turns()->by_vcpu(), sha256(machine.ram()), sha256(state)};
}

Result<std::vector<PartDigest>> parts_of(const vm::Machine& machine) {
    NYX_ASSIGN(std::vector<dev::StateUnit> units, machine.save_parts());
    std::vector<PartDigest> parts;
    for (const dev::StateUnit& unit : units) {
        Digest digest = sha256(dev::encode_state(unit));
        parts.push_back({unit.path, load_le<std::uint64_t>(digest.data())});
    }
    return parts;
}

std::string text_of(const Digests& digests) {
    std::string text = fmt::format("instructions {}\n", digests.instructions);
    for (std::size_t i = 0; i < digests.by_vcpu.size(); ++i)
        text += fmt::format("  vcpu {} {}\n", i, digests.by_vcpu[i]);
    text += fmt::format("memory sha256 {}\n", to_hex(digests.memory));
    return text + fmt::format("state sha256 {}\n", to_hex(digests.state));
}

}  // namespace nyx::replay

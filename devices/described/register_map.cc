#include "devices/described/register_map.h"

#include <algorithm>

namespace nyx::dev::described {

namespace {

// Of a bank, what is found by its offset alone; behind it are windows on something larger.
constexpr std::size_t kFoundByByte = 1 << 16;

RegisterKind kind_of(const ir::Register& reg) {
    if (!reg.writable) return RegisterKind::kReadOnly;
    return reg.readable ? RegisterKind::kReadWrite : RegisterKind::kWriteOnly;
}

}  // namespace

std::vector<Register> registers_of(const ir::Program& program) {
    std::vector<Register> registers;
    for (const ir::Register& reg : program.registers) {
        const std::string_view when = reg.guard == ir::kNone ? std::string_view{} : program.functions[reg.guard].name;
        registers.push_back(
            {reg.name, reg.bank, reg.offset, reg.width, kind_of(reg), reg.reset, when, reg.count, reg.stride});
    }
    return registers;
}

RegisterMap::RegisterMap(const ir::Program& program, Interpreter& guards)
    : program_(program), guards_(guards), by_byte_(program.banks.size()), beyond_(program.banks.size()) {
    for (std::uint32_t i = 0; i < program.registers.size(); ++i) add(i, program.registers[i]);
}

void RegisterMap::add(std::uint32_t number, const ir::Register& reg) {
    auto& bytes = by_byte_[reg.bank];  // a bank of a page has few registers, at its beginning
    const std::size_t end = std::size_t{reg.offset} + std::size_t{reg.count - 1} * reg.stride + reg.width;
    bytes.resize(std::max(bytes.size(), std::min(end, kFoundByByte)));
    for (std::size_t at = reg.offset; at < std::min(end, kFoundByByte); ++at)
        if ((at - reg.offset) % reg.stride < reg.width) bytes[at].push_back(number);
    if (end > kFoundByByte) beyond_[reg.bank].push_back(number);
}

std::span<const std::uint32_t> RegisterMap::standing_at(std::uint32_t bank, std::uint64_t offset) const {
    if (offset >= kFoundByByte) return beyond_[bank];
    return offset < by_byte_[bank].size() ? std::span(by_byte_[bank][offset]) : std::span<const std::uint32_t>{};
}

Piece RegisterMap::piece_at(const Access& access, std::uint32_t done, bool is_write) const {
    const std::uint64_t offset = access.offset + done;
    for (std::uint32_t i : standing_at(access.region, offset)) {
        const ir::Register& reg = program_.registers[i];
        const bool is_here = offset >= reg.offset && (offset - reg.offset) / reg.stride < reg.count &&
                             (offset - reg.offset) % reg.stride < reg.width;
        if (!is_here || reg.by_parts) continue;
        if (!(is_write ? reg.writable : reg.readable) || !guards_.holds(reg.guard)) continue;
        const auto inside = static_cast<std::uint32_t>(offset - reg.offset);
        Piece piece{i, inside / reg.stride, inside % reg.stride, 0};
        piece.size = std::min<std::uint32_t>(reg.width - piece.first, access.width - done);
        const bool is_whole = piece.size == reg.width;
        if (!is_whole && program_.banks[reg.bank].narrow == ir::Narrow::kReject) piece.reg = kNoRegister;
        return piece;
    }
    return {};
}

// The register by parts that the access means: it is there, and the access is aligned, so it lies inside one element.
// One that it does not mean leaves nothing for others: the whole access meets a gap.
std::optional<Piece> RegisterMap::part_at(const Access& access, bool is_write) const {
    for (std::uint32_t i : standing_at(access.region, access.offset)) {
        const ir::Register& reg = program_.registers[i];
        if (!reg.by_parts || !(is_write ? reg.writable : reg.readable) || access.offset < reg.offset) continue;
        const std::uint64_t inside = access.offset - reg.offset;
        if (inside / reg.stride >= reg.count || inside % reg.stride >= reg.width || !guards_.holds(reg.guard)) continue;
        if (access.offset % access.width != 0 || access.width > reg.width)
            return Piece{kNoRegister, 0, 0, access.width};
        return Piece{i, static_cast<std::uint32_t>(inside / reg.stride),
                     static_cast<std::uint32_t>(inside % reg.stride), access.width};
    }
    return std::nullopt;
}

std::vector<Piece> RegisterMap::pieces(const Access& access, bool is_write) const {
    if ((program_.banks[access.region].widths & access.width) == 0) return {{kNoRegister, 0, 0, access.width}};
    if (const std::optional<Piece> part = part_at(access, is_write)) return {*part};
    std::vector<Piece> all;
    for (std::uint32_t done = 0; done < access.width; done += all.back().size)
        all.push_back(piece_at(access, done, is_write));
    return all;
}

}  // namespace nyx::dev::described

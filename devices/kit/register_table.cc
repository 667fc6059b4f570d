#include "devices/kit/register_table.h"

#include <fmt/format.h>

#include "runtime/base/bits.h"

namespace nyx::dev {

static bool allows(RegisterKind kind, bool is_write) {
    return kind == RegisterKind::kReadWrite || (kind == RegisterKind::kWriteOnly) == is_write;
}

std::uint32_t find_register(std::span<const Register> table, const Access& access, bool is_write,
                            std::string_view mode) {
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        const Register& reg = table[i];
        bool here = reg.region == access.region && Range{reg.offset, reg.width}.contains(access.offset);
        if (here && allows(reg.kind, is_write) && (reg.when.empty() || reg.when == mode)) return i;
    }
    return kNoRegister;
}

static bool told_apart(const Register& a, const Register& b) {
    bool by_direction = a.kind != b.kind && a.kind != RegisterKind::kReadWrite && b.kind != RegisterKind::kReadWrite;
    bool by_guard = !a.when.empty() && !b.when.empty() && a.when != b.when;
    return by_direction || by_guard;
}

static void check_one(const Register& reg, std::span<const std::uint64_t> region_sizes, std::vector<std::string>& out) {
    bool odd_width = reg.width != 1 && reg.width != 2 && reg.width != 4 && reg.width != 8;
    if (odd_width) out.push_back(fmt::format("{}: width {}", reg.name, reg.width));
    if (reg.region >= region_sizes.size()) {
        out.push_back(fmt::format("{}: there is no region {}", reg.name, reg.region));
    } else if (auto end = checked_add(reg.offset, reg.width); !end || *end > region_sizes[reg.region]) {
        out.push_back(fmt::format("{}: leaves region {}", reg.name, reg.region));
    }
    if (!odd_width && (reg.reset & ~width_mask(reg.width)) != 0)
        out.push_back(fmt::format("{}: reset value {:#x} is wider than the register", reg.name, reg.reset));
}

static void check_pair(const Register& a, const Register& b, std::vector<std::string>& out) {
    if (a.name == b.name) out.push_back(fmt::format("{}: the name is used twice", a.name));
    bool share = a.region == b.region && Range{a.offset, a.width}.overlaps({b.offset, b.width});
    if (share && !told_apart(a, b)) out.push_back(fmt::format("{} and {}: share a byte", a.name, b.name));
}

std::vector<std::string> check_registers(std::span<const Register> table, std::span<const std::uint64_t> region_sizes) {
    std::vector<std::string> problems;
    for (std::size_t i = 0; i < table.size(); ++i) {
        check_one(table[i], region_sizes, problems);
        for (std::size_t k = 0; k < i; ++k) check_pair(table[k], table[i], problems);
    }
    return problems;
}

}  // namespace nyx::dev

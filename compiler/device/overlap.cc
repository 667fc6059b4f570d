// No two registers answer one access, for each combination of guards.
//
// Two that share a byte and a direction must have guards that never hold together. The state that their guards read is
// gone through whole where it is small; where it is not, one must be the opposite of the other.
#include <fmt/format.h>

#include "compiler/device/compiler_steps.h"
#include "compiler/device/nowhere.h"
#include "devices/ir/effects.h"

namespace nyx::device {

using dev::ir::kNone;
using diagnostics::Code;

namespace {

constexpr unsigned kMostBits = 16;

bool share_a_byte(const dev::ir::Register& a, const dev::ir::Register& b) {
    if (a.bank != b.bank) return false;
    for (std::uint64_t i = 0; i < a.count; ++i) {
        const std::uint64_t begin = a.offset + i * a.stride, end = begin + a.width;
        for (std::uint64_t k = 0; k < b.count; ++k) {
            const std::uint64_t other = b.offset + k * b.stride;
            if (begin < other + b.width && other < end) return true;
        }
    }
    return false;
}

bool are_opposite(const RegisterInfo& a, const RegisterInfo& b) {
    for (const Guard& one : a.guards)
        for (const Guard& other : b.guards)
            if (one.when == other.when && one.is_negated != other.is_negated) return true;
    return false;
}

class Overlaps {
  public:
    explicit Overlaps(const Declared& device)
        : device_(device), program_(device.program), state_(program_), interpreter_(program_, state_, nowhere_) {}

    void check() {
        for (std::size_t i = 0; i < program_.registers.size(); ++i)
            for (std::size_t k = 0; k < i; ++k) check(k, i);
    }

  private:
    void check(std::size_t first, std::size_t second) {
        const dev::ir::Register &a = program_.registers[first], &b = program_.registers[second];
        const bool both_read = a.readable && b.readable, both_written = a.writable && b.writable;
        if ((!both_read && !both_written) || !share_a_byte(a, b)) return;
        if (are_opposite(device_.registers[first], device_.registers[second])) return;
        const auto when = met(a.guard, b.guard);
        if (!when) return;
        auto& finding = device_
                            .report(Code::kRegisterOverlap, device_.registers[second].name.span,
                                    fmt::format("`{}` and `{}` both answer {} at {:#x}", a.name, b.name,
                                                both_read ? both_written ? "accesses" : "reads" : "writes", b.offset),
                                    *when)
                            .label(device_.registers[first].name.span, "the other");
        finding.help("registers at one place are told apart by `when`, or by being read only and written only");
    }

    // For which state both guards hold, in words; nothing: for none.
    std::optional<std::string> met(std::uint32_t a, std::uint32_t b) {
        dev::ir::Effects effects;
        if (a != kNone) effects |= dev::ir::effects_of(program_.functions[a]);
        if (b != kNone) effects |= dev::ir::effects_of(program_.functions[b]);
        unsigned bits = 0;
        for (const std::uint32_t field : effects.reads) {
            const dev::ir::Type& type = program_.state[field].type;
            bits += type.kind == dev::ir::TypeKind::kScalar ? type.bits : kMostBits + 1;
        }
        if (bits > kMostBits || effects.reads_timers) return "it is not proved that their guards never hold together";
        for (std::uint64_t value = 0; value < std::uint64_t{1} << bits; ++value) {
            set(effects.reads, value);
            if ((a == kNone || interpreter_.call(a) != 0) && (b == kNone || interpreter_.call(b) != 0))
                return described(effects.reads);
        }
        return std::nullopt;
    }

    void set(const std::set<std::uint32_t>& fields, std::uint64_t value) {
        for (const std::uint32_t field : fields) {
            state_.set(field, value);
            value >>= program_.state[field].type.bits;
        }
    }

    std::string described(const std::set<std::uint32_t>& fields) const {
        if (fields.empty()) return "nothing tells them apart";
        std::string text = "both when ";
        for (const std::uint32_t field : fields)
            text += fmt::format("{}{} is {:#x}", field == *fields.begin() ? "" : " and ", program_.state[field].name,
                                state_.get(field));
        return text;
    }

    const Declared& device_;
    const dev::ir::Program& program_;
    Nowhere nowhere_;
    dev::described::State state_;
    dev::described::Interpreter interpreter_;
};

}  // namespace

void check_overlaps(const Declared& device) {
    Overlaps(device).check();
}

}  // namespace nyx::device

// FXSAVE, FXRSTOR, XSAVE, XSAVEOPT, XSAVEC, XSAVES, XRSTOR, XRSTORS (SDM volume 1, §10.5 and §13.6 to §13.12).
#include "runtime/soft/exec/pick.h"
#include "runtime/soft/exec/vector/mxcsr.h"
#include "runtime/soft/exec/vector/units.h"
#include "runtime/soft/exec/x87/environment.h"
#include "runtime/soft/exec/x87/memory.h"
#include "runtime/soft/exec/x87/save.h"
#include "runtime/soft/exec/x87/tables.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kCompacted = std::uint64_t{1} << 63;
using Area = std::array<std::uint8_t, kXsaveSize>;

// In Op::dst: which one it is.
enum Kind : std::uint16_t { kWide = 1, kOptimized = 2, kCompacts = 4, kSupervisor = 8 };

SaveFormat format_of(const Cpu& cpu, const Op* op) {
    return {(op->dst & kWide) != 0, cpu.is_64() ? std::size_t{16} : std::size_t{8}};
}
std::uint64_t requested(const Cpu& cpu) {
    const std::uint64_t mask = (cpu.gpr[kRdx] << 32) | (cpu.gpr[kRax] & 0xFFFFFFFF);
    return mask & cpu.control.xcr0 & kAllComponents;
}
std::uint64_t word(std::span<const std::uint8_t> area, std::size_t at) {
    std::uint64_t value;
    std::memcpy(&value, &area[at], 8);
    return value;
}
bool refuse(Cpu& cpu) {
    cpu.raise(kGeneralProtection, 0);
    return false;
}

// The linear address of the image, aligned as it has to be.
template <class Address>
std::optional<std::uint64_t> image_address(Cpu& cpu, const Op* op, unsigned size, unsigned alignment, Touch touch) {
    auto linear = Address::address(cpu, op, size, touch);
    if (!linear || *linear % alignment == 0) return linear;
    cpu.raise(kGeneralProtection, 0);
    return std::nullopt;
}

// Part of an image whose whole range has been looked at.
bool store_part(Cpu& cpu, std::uint64_t linear, const Area& area, std::size_t from, std::size_t to) {
    return from >= to || store_bytes(cpu, wrap(cpu, linear + from), std::span(area).subspan(from, to - from));
}

template <class Address>
[[gnu::noinline]] bool fxsave(Cpu& cpu, const Op* op) {
    auto linear = image_address<Address>(cpu, op, kLegacyArea, 16, Touch::kWrite);
    if (!linear || !can_touch(cpu, *linear, kLegacyArea, Touch::kWrite)) return false;
    const SaveFormat format = format_of(cpu, op);
    Area area{};
    put_x87(cpu.x87, format, area);
    put_mxcsr(mxcsr(cpu), area);
    put_xmm(cpu.vector, format, area);
    return store_part(cpu, *linear, area, 0, 160 + 16 * format.registers);
}

template <class Address>
[[gnu::noinline]] bool fxrstor(Cpu& cpu, const Op* op) {
    auto linear = image_address<Address>(cpu, op, kLegacyArea, 16, Touch::kRead);
    Area area;
    if (!linear || !load_bytes(cpu, *linear, std::span(area).first(kLegacyArea))) return false;
    if ((mxcsr_of(area) & ~kMxcsrValid) != 0) return refuse(cpu);
    const SaveFormat format = format_of(cpu, op);
    get_x87(cpu.x87, format, area);
    set_mxcsr(cpu, mxcsr_of(area));
    get_xmm(cpu.vector, format, area);
    return true;
}

// MXCSR counts as part of SSE where the image says what is in it and what is not (§13.10, §13.11).
std::uint64_t in_use_for(Cpu& cpu, const Op* op) {
    std::uint64_t in_use = components_in_use(cpu);
    if ((op->dst & kCompacts) != 0 && mxcsr(cpu) != 0x1F80) in_use |= kSseComponent;
    return in_use;
}

template <class Address>
[[gnu::noinline]] bool xsave(Cpu& cpu, const Op* op) {
    if ((op->dst & kSupervisor) != 0 && cpu.cpl != 0) return refuse(cpu);
    const std::uint64_t wanted = requested(cpu), in_use = in_use_for(cpu, op);
    const std::size_t size = (wanted & kAvxComponent) != 0 ? kXsaveSize : kAvxArea;
    auto linear = image_address<Address>(cpu, op, static_cast<unsigned>(size), 64, Touch::kWrite);
    if (!linear || !can_touch(cpu, *linear, size, Touch::kWrite)) return false;
    const SaveFormat format = format_of(cpu, op);
    const bool is_compact = (op->dst & kCompacts) != 0;
    const std::uint64_t stored = (op->dst & (kOptimized | kCompacts)) != 0 ? wanted & in_use : wanted;
    Area area;
    if (!load_bytes(cpu, *linear, std::span(area).first(size))) return false;
    if ((stored & kX87Component) != 0) put_x87(cpu.x87, format, area);
    const bool has_mxcsr = is_compact ? (stored & kSseComponent) != 0 : (wanted & (kSseComponent | kAvxComponent)) != 0;
    if (has_mxcsr) put_mxcsr(mxcsr(cpu), area);
    if ((stored & kSseComponent) != 0) put_xmm(cpu.vector, format, area);
    if ((stored & kAvxComponent) != 0) put_upper(cpu.vector, format, area);
    const std::uint64_t before = word(area, kLegacyArea);
    const std::uint64_t header = is_compact ? wanted & in_use : (before & ~wanted) | (wanted & in_use);
    std::memcpy(&area[kLegacyArea], &header, 8);
    if (is_compact) {
        const std::uint64_t layout = wanted | kCompacted;
        std::memcpy(&area[kLegacyArea + 8], &layout, 8);
    }
    return store_part(cpu, *linear, area, 0, size);
}

// What the header may say (§13.8).
bool is_valid_header(const Cpu& cpu, const Op* op, const Area& area) {
    const std::uint64_t present = word(area, kLegacyArea), layout = word(area, kLegacyArea + 8);
    const bool is_compact = (layout & kCompacted) != 0;
    if (!is_compact && ((op->dst & kSupervisor) != 0 || layout != 0)) return false;
    if (is_compact && ((layout & ~kCompacted & ~cpu.control.xcr0) != 0 || (present & ~layout) != 0)) return false;
    if ((present & ~cpu.control.xcr0) != 0) return false;
    for (std::size_t at = 16; at < (is_compact ? 64 : 24); at += 8)
        if (word(area, kLegacyArea + at) != 0) return false;
    return true;
}

// Components that are asked for and not in the image go back to what they are after reset.
void restore_components(Cpu& cpu, SaveFormat format, const Area& area, std::uint64_t wanted, std::uint64_t present) {
    if ((wanted & kX87Component) != 0) {
        if ((present & kX87Component) != 0)
            get_x87(cpu.x87, format, area);
        else
            cpu.x87 = {};
    }
    static constexpr Area kZero{};
    if ((wanted & kSseComponent) != 0) get_xmm(cpu.vector, format, (present & kSseComponent) != 0 ? area : kZero);
    if ((wanted & kAvxComponent) != 0) get_upper(cpu.vector, format, (present & kAvxComponent) != 0 ? area : kZero);
}

template <class Address>
[[gnu::noinline]] bool xrstor(Cpu& cpu, const Op* op) {
    if ((op->dst & kSupervisor) != 0 && cpu.cpl != 0) return refuse(cpu);
    const std::uint64_t wanted = requested(cpu);
    auto linear = image_address<Address>(cpu, op, kAvxArea, 64, Touch::kRead);
    Area area{};
    if (!linear || !load_bytes(cpu, *linear, std::span(area).first(kAvxArea))) return false;
    if (!is_valid_header(cpu, op, area)) return refuse(cpu);
    const std::uint64_t present = word(area, kLegacyArea), layout = word(area, kLegacyArea + 8);
    if ((wanted & present & kAvxComponent) != 0 &&
        !load_bytes(cpu, wrap(cpu, *linear + kAvxArea), std::span(area).subspan(kAvxArea)))
        return false;
    std::uint32_t control = mxcsr(cpu);
    if ((layout & kCompacted) != 0) {
        if ((wanted & kSseComponent) != 0) control = (present & kSseComponent) != 0 ? mxcsr_of(area) : 0x1F80;
    } else if ((wanted & (kSseComponent | kAvxComponent)) != 0) {
        control = mxcsr_of(area);
    }
    if ((control & ~kMxcsrValid) != 0) return refuse(cpu);
    set_mxcsr(cpu, control);
    restore_components(cpu, format_of(cpu, op), area, wanted, present);
    return true;
}

template <Unit kUnit, bool (*kDo)(Cpu&, const Op*)>
void state_op(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, kUnit) || !kDo(cpu, op)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

// NOLINTBEGIN(bugprone-macro-parentheses): `function` names a template
#define NYX_STATE(unit, function, kind)                                                                           \
    [](Lowering& l) {                                                                                             \
        l.op.dst = kind;                                                                                          \
        l.op.run =                                                                                                \
            by_address(l.address(0), []<class Address>() -> Run { return &state_op<unit, &function<Address>>; }); \
        return true;                                                                                              \
    }
// NOLINTEND(bugprone-macro-parentheses)
#define NYX_STATES(NAME, unit, function, kind)                      \
    table[ZYDIS_MNEMONIC_##NAME] = NYX_STATE(unit, function, kind); \
    table[ZYDIS_MNEMONIC_##NAME##64] = NYX_STATE(unit, function, (kind) | kWide)

}  // namespace

void add_state_saving(InstructionTable& table) {
    NYX_STATES(FXSAVE, Unit::kX87, fxsave, 0);
    NYX_STATES(FXRSTOR, Unit::kX87, fxrstor, 0);
    NYX_STATES(XSAVE, Unit::kXsave, xsave, 0);
    NYX_STATES(XSAVEOPT, Unit::kXsave, xsave, kOptimized);
    NYX_STATES(XSAVEC, Unit::kXsave, xsave, kCompacts);
    NYX_STATES(XSAVES, Unit::kXsave, xsave, kCompacts | kSupervisor);
    NYX_STATES(XRSTOR, Unit::kXsave, xrstor, 0);
    NYX_STATES(XRSTORS, Unit::kXsave, xrstor, kSupervisor);
}

}  // namespace nyx::soft

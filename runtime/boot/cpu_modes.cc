#include "runtime/boot/cpu_modes.h"

namespace nyx::boot {
namespace {

// Intel SDM volume 3 §2.5, §2.2.1.
constexpr std::uint64_t kCr0Pe = 1U << 0;
constexpr std::uint64_t kCr0Et = 1U << 4;
constexpr std::uint64_t kCr0Pg = 1U << 31;
constexpr std::uint64_t kCr4Pae = 1U << 5;
constexpr std::uint64_t kEferLme = 1U << 8;
constexpr std::uint64_t kEferLma = 1U << 10;

constexpr std::uint8_t kTypeCode = 0xB;     // execute, read, accessed
constexpr std::uint8_t kTypeData = 0x3;     // read, write, accessed
constexpr std::uint8_t kTypeBusyTss = 0xB;  // system segment: 32-bit, or 64-bit in long mode

SegmentState flat(std::uint16_t selector, std::uint8_t type, bool l) {
    const bool is_code = type == kTypeCode;
    return {.limit = 0xFFFFFFFF,
            .selector = selector,
            .type = type,
            .present = true,
            .s = true,
            .l = l,
            .db = !(is_code && l),
            .g = true};
}

// The descriptor in memory (SDM volume 3 §3.4.5) that loads the same hidden part.
std::uint64_t descriptor(const SegmentState& s) {
    const std::uint64_t limit = s.g ? s.limit >> 12 : s.limit;
    const std::uint64_t access =
        std::uint64_t{s.type} | (s.s ? 0x10U : 0U) | (std::uint64_t{s.dpl} << 5) | (s.present ? 0x80U : 0U);
    const std::uint64_t flags = (s.l ? 2U : 0U) | (s.db ? 4U : 0U) | (s.g ? 8U : 0U);
    return (limit & 0xFFFF) | ((s.base & 0xFFFFFF) << 16) | (access << 40) | ((limit >> 16 & 0xF) << 48) |
           (flags << 52) | ((s.base >> 24 & 0xFF) << 56);
}

Status put_gdt(const plan::BootAddresses& at, Placement& placement, InitialState& state) {
    const std::uint64_t descriptors[] = {0, 0, descriptor(flat(kCode64, kTypeCode, true)),
                                         descriptor(flat(kData, kTypeData, false)),
                                         descriptor(flat(kCode32, kTypeCode, false))};
    ByteWriter gdt;
    for (std::uint64_t d : descriptors) gdt.write(d);
    state.gdt = {.base = at.gdt, .limit = static_cast<std::uint16_t>(gdt.size() - 1)};
    return placement.put_structure("the boot GDT", at.gdt, plan::BootAddresses::kGdtSize, gdt.bytes());
}

// What both flat modes share. The task register must hold a busy TSS for hardware to enter the guest (SDM volume 3
// §27.3.1.2).
Status set_flat_segments(const plan::BootAddresses& at, Placement& placement, InitialState& state) {
    const SegmentState data = flat(kData, kTypeData, false);
    state.ds = state.es = state.fs = state.gs = state.ss = data;
    state.tr = {.limit = 0x67, .type = kTypeBusyTss, .present = true};
    NYX_TRY(put_gdt(at, placement, state));
    if (at.stack != 0) {
        if (at.stack < plan::BootAddresses::kStackSize)
            return fail(ErrorCode::kCorrupt, "the plan's stack lies below address 0");
        NYX_TRY(placement.reserve("the boot stack",
                                  {at.stack - plan::BootAddresses::kStackSize, plan::BootAddresses::kStackSize}));
    }
    state.rsp = at.stack;
    return {};
}

// SDM volume 3 §4.5: one PML4 entry, four PDPT entries, 2048 pages of 2 MiB.
Status put_page_tables(const plan::BootAddresses& at, Placement& placement) {
    constexpr std::uint64_t kPresentWritable = 3;
    constexpr std::uint64_t kLargePage = 0x80;
    constexpr std::uint64_t kPage = 0x1000;
    ByteWriter tables;
    tables.write<std::uint64_t>((at.page_tables + kPage) | kPresentWritable);
    tables.align(kPage);
    for (std::uint64_t i = 0; i < 4; ++i)
        tables.write<std::uint64_t>((at.page_tables + (2 + i) * kPage) | kPresentWritable);
    tables.align(kPage);
    for (std::uint64_t i = 0; i < 2048; ++i) tables.write<std::uint64_t>((i << 21) | kLargePage | kPresentWritable);
    return placement.put_structure("the boot page tables", at.page_tables, plan::BootAddresses::kPageTablesSize,
                                   tables.bytes());
}

SegmentState real_segment(std::uint64_t base, std::uint8_t type) {
    return {.base = base,
            .limit = 0xFFFF,
            .selector = static_cast<std::uint16_t>(base >> 4),
            .type = type,
            .present = true,
            .s = true};
}

// The segment through which an address is reached: 0 if that is enough, so that a boot sector at 0x7C00 finds
// 0000:7C00.
std::uint64_t real_base(std::uint64_t address) {
    return address <= 0xFFFF ? 0 : align_down(address, 16);
}

}  // namespace

InitialState real_mode(std::uint64_t entry, std::uint64_t stack) {
    InitialState state;
    const std::uint64_t stack_area =
        stack < plan::BootAddresses::kStackSize ? 0 : stack - plan::BootAddresses::kStackSize;
    const std::uint64_t stack_base = stack <= 0xFFFF ? 0 : align_down(stack_area, 16);
    state.cs = real_segment(real_base(entry), kTypeCode);
    state.ds = state.es = state.fs = state.gs = real_segment(0, kTypeData);
    state.ss = real_segment(stack_base, kTypeData);
    state.tr = {.limit = 0xFFFF, .type = kTypeBusyTss, .present = true};
    state.ldt = {.limit = 0xFFFF, .type = 2, .present = true};
    state.idt = {.base = 0, .limit = 0x3FF};  // the interrupt vector table
    state.gdt = {.base = 0, .limit = 0xFFFF};
    state.cr0 = kCr0Et;
    state.rip = entry - state.cs.base;
    state.rsp = stack - stack_base;
    return state;
}

Result<InitialState> protected_mode(const plan::BootAddresses& at, std::uint64_t entry, Placement& placement) {
    InitialState state;
    NYX_TRY(set_flat_segments(at, placement, state));
    state.cs = flat(kCode32, kTypeCode, false);
    state.cr0 = kCr0Pe | kCr0Et;
    state.rip = entry;
    return state;
}

Result<InitialState> long_mode(const plan::BootAddresses& at, std::uint64_t entry, Placement& placement) {
    InitialState state;
    NYX_TRY(set_flat_segments(at, placement, state));
    NYX_TRY(put_page_tables(at, placement));
    state.cs = flat(kCode64, kTypeCode, true);
    state.cr0 = kCr0Pe | kCr0Et | kCr0Pg;
    state.cr3 = at.page_tables;
    state.cr4 = kCr4Pae;
    state.efer = kEferLme | kEferLma;
    state.rip = entry;
    return state;
}

}  // namespace nyx::boot

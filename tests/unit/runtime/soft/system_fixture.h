// The fixture with a GDT, an IDT and a TSS, as the mode has them.
#pragma once

#include "fixture.h"

namespace nyx::soft {

struct SystemFixture : Fixture {
    static constexpr std::uint64_t kGdt = 0x2000, kIdt = 0x3000, kTss = 0x4000, kHandler = 0x6000, kInnerStack = 0x8000;
    // What the GDT has.
    static constexpr std::uint16_t kCode0 = 0x08, kData0 = 0x10, kCode3 = 0x1B, kData3 = 0x23, kTask = 0x28,
                                   kSpare = 0x38, kCode64 = 0x48, kCode32 = 0x50;
    // Types of gates and system segments.
    static constexpr unsigned kInterrupt = 14, kTrap = 15, kCallGate = 12, kInterrupt16 = 6;

    const bool is_long;

    explicit SystemFixture(unsigned bits, std::vector<CpuidLeaf> cpuid = {})
        : Fixture(bits, std::move(cpuid)), is_long(bits == 64) {
        cpu->gdt = {kGdt, 0xFF};
        cpu->idt = {kIdt, 0xFFF};
        std::uint64_t code = is_long ? 0xA : 0xC;
        descriptor(kCode0, 0, 0xFFFFF, 0x9B, code);
        descriptor(kData0, 0, 0xFFFFF, 0x93, 0xC);
        descriptor(kCode3, 0, 0xFFFFF, 0xFB, code);
        descriptor(kData3, 0, 0xFFFFF, 0xF3, 0xC);
        descriptor(kCode64, 0, 0xFFFFF, 0x9B, 0xA);
        descriptor(kCode32, 0, 0xFFFFF, 0x9B, 0xC);
        descriptor(kTask, kTss, 0x67, 0x8B, 0);
        cpu->segments[kTr] = {kTss, 0x67, kTask, 0x8B};
        if (is_long) {
            set_at<std::uint64_t>(kTss + 4, kInnerStack);
            cpu->segments[kCs].selector = kCode0;
            cpu->segments[kSs].selector = kData0;
        } else {
            set_at<std::uint32_t>(kTss + 4, kInnerStack);
            set_at<std::uint32_t>(kTss + 8, kData0);
            set_level(0);
        }
        for (std::uint64_t at = 0; at < 16; ++at) ram[kHandler + at] = 0x90;
    }

    // flags: G, D/B, L, AVL.
    void descriptor(std::uint16_t selector, std::uint64_t base, std::uint64_t limit, std::uint64_t access,
                    std::uint64_t flags) {
        std::uint64_t low = (limit & 0xFFFF) | (base & 0xFFFFFF) << 16 | access << 40 | (limit >> 16 & 0xF) << 48 |
                            flags << 52 | (base >> 24 & 0xFF) << 56;
        set_at(kGdt + (selector & ~7u), low);
    }
    static std::uint64_t gate_low(std::uint16_t selector, std::uint64_t offset, unsigned type, unsigned level,
                                  unsigned parameters = 0) {
        return (offset & 0xFFFF) | std::uint64_t{selector} << 16 | std::uint64_t{parameters} << 32 |
               std::uint64_t{0x80u | level << 5 | type} << 40 | (offset >> 16 & 0xFFFF) << 48;
    }
    void gate(unsigned vector, std::uint64_t offset = kHandler, unsigned type = kInterrupt, unsigned level = 0,
              unsigned ist = 0, std::uint16_t selector = kCode0) {
        set_at(kIdt + vector * (is_long ? 16u : 8u), gate_low(selector, offset, type, level, ist));
        if (is_long) set_at<std::uint64_t>(kIdt + vector * 16u + 8, offset >> 32);
    }
    // As after a jump to code of this level.
    void set_level(unsigned level) {
        auto access = static_cast<std::uint16_t>(level << 5);
        for (Seg segment : {kEs, kCs, kSs, kDs, kFs, kGs}) {
            cpu->segments[segment].access =
                static_cast<std::uint16_t>((cpu->segments[segment].access & ~0x60u) | access);
            cpu->segments[segment].selector = level == 0 ? kData0 : kData3;
        }
        cpu->segments[kCs].selector = level == 0 ? kCode0 : kCode3;
        cpu->set_cpl(level);
    }
    // The `number`th word from the top of the stack.
    std::uint64_t stacked(unsigned number) const {
        std::uint64_t at = cpu->gpr[kRsp] + number * (is_long ? 8u : 4u);
        return is_long ? this->at<std::uint64_t>(at) : this->at<std::uint32_t>(at);
    }
};

}  // namespace nyx::soft

// The parts of a CPU's state as plain data.
#pragma once

#include <array>
#include <cstdint>

namespace nyx::soft {

// In the order of their encoding.
enum Reg : std::uint8_t {
    kRax,
    kRcx,
    kRdx,
    kRbx,
    kRsp,
    kRbp,
    kRsi,
    kRdi,
    kR8,
    kR9,
    kR10,
    kR11,
    kR12,
    kR13,
    kR14,
    kR15,
};
// One more that always reads as zero, so that an address without base or index needs no branch.
inline constexpr std::uint8_t kZeroRegister = 16;

enum Seg : std::uint8_t { kEs, kCs, kSs, kDs, kFs, kGs, kLdtr, kTr };

// With the hidden part (SDM volume 3, §3.4.3). access: bits 8 to 23 of the descriptor's second word, moved down by 8:
// type 0-3, S 4, DPL 5-6, P 7, AVL 12, L 13, D/B 14, G 15.
struct Segment {
    static constexpr std::uint16_t kPresent = 1 << 7, kS = 1 << 4, kL = 1 << 13, kDb = 1 << 14, kG = 1 << 15;
    std::uint64_t base = 0;
    std::uint32_t limit = 0xFFFF;  // in bytes, inclusive
    std::uint16_t selector = 0;
    std::uint16_t access = 0;

    unsigned type() const { return access & 0xFu; }
    unsigned dpl() const { return (access >> 5) & 3u; }
    bool is_present() const { return (access & kPresent) != 0; }
    bool is_system() const { return (access & kS) == 0; }
    bool is_code() const { return !is_system() && (access & 8) != 0; }
    bool l() const { return (access & kL) != 0; }
    bool db() const { return (access & kDb) != 0; }
    bool operator==(const Segment&) const = default;
};

struct DescriptorTable {
    std::uint64_t base = 0;
    std::uint16_t limit = 0xFFFF;
};

// CR0, CR4, EFER (SDM volume 3, §2.5 and §2.2.1).
inline constexpr std::uint64_t kCr0Pe = 1u << 0, kCr0Mp = 1u << 1, kCr0Em = 1u << 2, kCr0Ts = 1u << 3, kCr0Et = 1u << 4,
                               kCr0Ne = 1u << 5, kCr0Wp = 1u << 16, kCr0Am = 1u << 18, kCr0Nw = 1u << 29,
                               kCr0Cd = 1u << 30, kCr0Pg = 1u << 31;
inline constexpr std::uint64_t kCr4Vme = 1u << 0, kCr4Pvi = 1u << 1, kCr4Tsd = 1u << 2, kCr4De = 1u << 3,
                               kCr4Pse = 1u << 4, kCr4Pae = 1u << 5, kCr4Mce = 1u << 6, kCr4Pge = 1u << 7,
                               kCr4Pce = 1u << 8, kCr4Osfxsr = 1u << 9, kCr4Osxmmexcpt = 1u << 10, kCr4Umip = 1u << 11,
                               kCr4La57 = 1u << 12, kCr4Fsgsbase = 1u << 16, kCr4Pcide = 1u << 17,
                               kCr4Osxsave = 1u << 18, kCr4Smep = 1u << 20, kCr4Smap = 1u << 21;
inline constexpr std::uint64_t kDr6Bd = 1u << 13, kDr6Bs = 1u << 14, kDr6Bt = 1u << 15, kDr7Gd = 1u << 13;
inline constexpr std::uint64_t kEferSce = 1u << 0, kEferLme = 1u << 8, kEferLma = 1u << 10, kEferNxe = 1u << 11;

struct ControlRegisters {
    std::uint64_t cr0 = kCr0Et | kCr0Nw | kCr0Cd, cr2 = 0, cr3 = 0, cr4 = 0, efer = 0, xcr0 = 1;
    std::array<std::uint64_t, 4> page_pointers{};  // PDPTE0 to PDPTE3 of PAE paging
    std::array<std::uint64_t, 4> dr{};             // DR0 to DR3
    std::uint64_t dr6 = 0xFFFF0FF0, dr7 = 0x400;
};

// 256 bits; SSE uses the lower half and leaves the upper one alone, AVX clears it (SDM volume 1, §14.3).
struct alignas(32) VectorRegister {
    std::array<std::uint8_t, 32> bytes{};
};

struct VectorState {
    std::array<VectorRegister, 16> ymm{};
    std::uint32_t mxcsr = 0x1F80;
};

// Parts of the CPU that the system can switch off, each with conditions of its own.
enum class Unit : std::uint8_t { kSse, kAvx, kMmx, kX87, kWait, kXsave };
inline constexpr std::size_t kUnits = 6;

// x87 (SDM volume 1, §8.1). Registers by their physical number; ST(i) is (top + i) % 8.
struct X87State {
    struct alignas(16) Register {
        std::array<std::uint8_t, 10> bytes{};  // 80-bit extended precision
    };
    std::array<Register, 8> registers{};
    std::uint16_t control = 0x37F;
    std::uint16_t status = 0;  // without TOP
    std::uint8_t top = 0;
    std::uint8_t in_use = 0;  // bit n: register n is not empty
    std::uint16_t opcode = 0;
    std::uint64_t instruction_pointer = 0, data_pointer = 0;
    std::uint16_t instruction_selector = 0, data_selector = 0;
};

// MSRs that are plain storage with a meaning for the CPU itself.
struct MsrState {
    std::uint64_t star = 0, lstar = 0, cstar = 0, sfmask = 0, kernel_gs_base = 0, tsc_aux = 0;
    std::uint64_t sysenter_cs = 0, sysenter_esp = 0, sysenter_eip = 0;
    std::uint64_t pat = 0x0007040600070406, misc_enable = 1, mtrr_def_type = 0, mcg_status = 0;
    std::array<std::uint64_t, 16> mtrr_variable{};
    std::array<std::uint64_t, 11> mtrr_fixed{};
    std::uint64_t mtrr_capabilities = 0x508;  // eight variable ranges, fixed ranges, write combining
    std::uint64_t speculation_control = 0;
    std::int64_t tsc_offset = 0, tsc_adjust = 0;
};

}  // namespace nyx::soft

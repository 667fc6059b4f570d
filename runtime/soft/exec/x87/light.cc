#include "runtime/soft/exec/x87/light.h"

#include <utility>

#include "runtime/soft/exec/x87/environment.h"

namespace nyx::soft {
namespace {

enum class Shape : std::uint8_t {
    kNone,
    kPush,    // memory, or a constant, onto the stack
    kMemory,  // ST(0) and memory
    kStore,   // ST(0) to memory
    kBinary,  // ST(0) and ST(i)
};
constexpr std::uint16_t kC1 = 1 << 9, kConditions = 0x4700;

struct Form {
    Shape shape = Shape::kNone;
    unsigned pops = 0;
    std::uint16_t conditions = kC1;  // of C0 to C3, those that it sets
};

// By the tables of SDM volume 2, appendix A.5. FBLD, FBSTP and what does not look at one or two registers is not here.
constexpr Form memory_form(unsigned escape, unsigned reg) {
    if (escape % 2 == 0) return {Shape::kMemory, reg == 3 ? 1u : 0u, reg == 2 || reg == 3 ? kConditions : kC1};
    if (reg == 0) return {Shape::kPush};
    if (reg == 5 && (escape == 3 || escape == 7)) return {Shape::kPush};
    if (reg == 2) return {Shape::kStore};
    if (reg == 3 || (reg == 1 && escape != 1) || (reg == 7 && (escape == 3 || escape == 7))) return {Shape::kStore, 1};
    return {};
}
constexpr Form register_form(unsigned escape, unsigned reg) {
    switch (escape) {
        case 0:  // FADD ST(0), ST(i) and so on; FCOM, FCOMP
            return {Shape::kBinary, reg == 3 ? 1u : 0u, reg == 2 || reg == 3 ? kConditions : kC1};
        case 2:  // FUCOMPP, of ST(1) only
            return reg == 5 ? Form{Shape::kBinary, 2, kConditions} : Form{};
        case 3:  // FUCOMI, FCOMI, which leave even C1 alone
            return reg == 5 || reg == 6 ? Form{Shape::kBinary, 0, 0} : Form{};
        case 4:  // FADD ST(i), ST(0) and so on
            return reg == 2 || reg == 3 ? Form{} : Form{Shape::kBinary};
        case 5:  // FUCOM, FUCOMP
            return reg == 4 || reg == 5 ? Form{Shape::kBinary, reg - 4, kConditions} : Form{};
        case 6:  // FADDP and so on; FCOMPP, of ST(1) only
            return reg == 2 ? Form{} : Form{Shape::kBinary, reg == 3 ? 2u : 1u, reg == 3 ? kConditions : kC1};
        case 7:  // FUCOMIP, FCOMIP
            return reg == 5 || reg == 6 ? Form{Shape::kBinary, 1, 0} : Form{};
        default:
            return {};
    }
}

// What a function does to registers a and b, with the status afterwards; memory is in RDI.
using Light = void (*)(std::uint8_t* a, std::uint8_t* b, std::uint8_t* memory, std::uint16_t& status,
                       std::uint64_t& flags);

#define NYX_LIGHT(before, after)                                                                   \
    asm volatile(before ".byte %c[first], %c[second]\n\tlahf\n\tfnstsw %[status]\n\t" after        \
                 : [status] "=m"(status), "+a"(flags)                                              \
                 : [a] "r"(a), [b] "r"(b), "D"(memory), [first] "i"(kFirst), [second] "i"(kSecond) \
                 : "cc", "memory")

template <std::size_t kNumber>  // the lower three bits of the first byte, and ModRM.reg
void light_memory(std::uint8_t* a, std::uint8_t* b, std::uint8_t* memory, std::uint16_t& status, std::uint64_t& flags) {
    constexpr Form kForm = memory_form(kNumber / 8, kNumber % 8);
    constexpr unsigned kFirst = 0xD8 + kNumber / 8, kSecond = kNumber % 8 * 8 + 7;
    if constexpr (kForm.shape == Shape::kPush)
        NYX_LIGHT("", "fstpt (%[a])");
    else if constexpr (kForm.shape == Shape::kMemory && kForm.pops == 0)
        NYX_LIGHT("fldt (%[a])\n\t", "fstpt (%[a])");
    else if constexpr (kForm.shape == Shape::kStore && kForm.pops == 0)
        NYX_LIGHT("fldt (%[a])\n\t", "fstp %%st(0)");
    else if constexpr (kForm.shape != Shape::kNone)
        NYX_LIGHT("fldt (%[a])\n\t", "");
}
template <std::size_t kNumber>
void light_registers(std::uint8_t* a, std::uint8_t* b, std::uint8_t* memory, std::uint16_t& status,
                     std::uint64_t& flags) {
    constexpr Form kForm = register_form(kNumber / 8, kNumber % 8);
    constexpr unsigned kFirst = 0xD8 + kNumber / 8, kSecond = 0xC0 + kNumber % 8 * 8 + 1;
    if constexpr (kForm.shape == Shape::kBinary && kForm.pops == 0)
        NYX_LIGHT("fldt (%[b])\n\tfldt (%[a])\n\t", "fstpt (%[a])\n\tfstpt (%[b])");
    else if constexpr (kForm.shape == Shape::kBinary && kForm.pops == 1)
        NYX_LIGHT("fldt (%[b])\n\tfldt (%[a])\n\t", "fstpt (%[b])");
    else if constexpr (kForm.shape == Shape::kBinary)
        NYX_LIGHT("fldt (%[b])\n\tfldt (%[a])\n\t", "");
}

struct Entry {
    Form form;
    Light run;
};
template <std::size_t... kNumbers>
constexpr std::array<Entry, 64> memory_entries(std::index_sequence<kNumbers...>) {
    return {Entry{memory_form(kNumbers / 8, kNumbers % 8), &light_memory<kNumbers>}...};
}
template <std::size_t... kNumbers>
constexpr std::array<Entry, 64> register_entries(std::index_sequence<kNumbers...>) {
    return {Entry{register_form(kNumbers / 8, kNumbers % 8), &light_registers<kNumbers>}...};
}
constexpr auto kMemory = memory_entries(std::make_index_sequence<64>{});
constexpr auto kRegisters = register_entries(std::make_index_sequence<64>{});

bool is_in_use(const X87State& x87, unsigned i) {
    return ((x87.in_use >> ((x87.top + i) % 8)) & 1) != 0;
}
void pop(X87State& x87) {
    x87.in_use = static_cast<std::uint8_t>(x87.in_use & ~(1u << x87.top));
    x87.top = static_cast<std::uint8_t>((x87.top + 1) % 8);
}
void push(X87State& x87) {
    x87.top = static_cast<std::uint8_t>((x87.top + 7) % 8);
    x87.in_use = static_cast<std::uint8_t>(x87.in_use | 1u << x87.top);
}
void clear_c1(X87State& x87) {
    x87.status = static_cast<std::uint16_t>(x87.status & ~kC1);
}

// FLD ST(i), FXCH, FST ST(i), FSTP ST(i): no arithmetic at all.
bool move_register(X87State& x87, unsigned escape, unsigned modrm) {
    const unsigned i = modrm & 7, what = escape << 3 | ((modrm >> 3) & 7);
    constexpr unsigned kFld = 1 << 3, kFxch = 1 << 3 | 1, kFst = 5 << 3 | 2, kFstp = 5 << 3 | 3;
    if (what != kFld && what != kFxch && what != kFst && what != kFstp) return false;
    const bool is_store = what == kFst || what == kFstp;
    if (!is_in_use(x87, is_store ? 0 : i) || (what == kFld && is_in_use(x87, 7))) return false;
    if (what == kFxch && !is_in_use(x87, 0)) return false;
    clear_c1(x87);
    if (what == kFld) {
        const X87State::Register value = x87_register(x87, i);
        push(x87);
        x87_register(x87, 0) = value;
    } else if (what == kFxch) {
        std::swap(x87_register(x87, 0), x87_register(x87, i));
    } else {
        x87_register(x87, i) = x87_register(x87, 0);
        x87.in_use = static_cast<std::uint8_t>(x87.in_use | 1u << ((x87.top + i) % 8));
        if (what == kFstp) pop(x87);
    }
    return true;
}

// FCHS, FABS, FLD1, FLDZ.
bool change_sign_or_push(X87State& x87, unsigned escape, unsigned modrm) {
    constexpr X87State::Register kOne{{0, 0, 0, 0, 0, 0, 0, 0x80, 0xFF, 0x3F}}, kZero{};
    const bool pushes = modrm == 0xE8 || modrm == 0xEE;
    if (escape != 1 || !(pushes || modrm == 0xE0 || modrm == 0xE1)) return false;
    if (pushes ? is_in_use(x87, 7) : !is_in_use(x87, 0)) return false;
    clear_c1(x87);
    if (pushes) {
        push(x87);
        x87_register(x87, 0) = modrm == 0xE8 ? kOne : kZero;
    } else {
        std::uint8_t& top = x87_register(x87, 0).bytes[9];
        top = static_cast<std::uint8_t>(modrm == 0xE0 ? top ^ 0x80 : top & 0x7F);
    }
    return true;
}

}  // namespace

bool run_lightly(X87State& x87, unsigned escape, unsigned modrm, std::uint8_t* memory, std::uint64_t& flags) {
    if (x87.control != 0x37F) return false;
    const bool has_memory = modrm < 0xC0;
    if (!has_memory && (move_register(x87, escape, modrm) || change_sign_or_push(x87, escape, modrm))) return true;
    const unsigned reg = (modrm >> 3) & 7, i = has_memory ? 0 : modrm & 7;
    const auto& [form, run] = (has_memory ? kMemory : kRegisters)[escape * 8 + reg];
    if (form.shape == Shape::kNone || (form.shape == Shape::kBinary && i == 0) || (form.pops == 2 && i != 1))
        return false;
    if (form.shape == Shape::kPush ? is_in_use(x87, 7) : !is_in_use(x87, 0) || !is_in_use(x87, i)) return false;
    if (form.shape == Shape::kPush) push(x87);
    std::uint16_t status = 0;
    run(x87_register(x87, 0).bytes.data(), x87_register(x87, i).bytes.data(), memory, status, flags);
    const std::uint16_t taken = form.conditions;
    x87.status = static_cast<std::uint16_t>((x87.status & ~taken) | (status & (taken | kX87Flags)));
    if ((status & kX87Flags) != 0) asm volatile("fnclex");
    for (unsigned n = 0; n < form.pops; ++n) pop(x87);
    return true;
}

}  // namespace nyx::soft

#include "host_runner.h"

#include <asm/ldt.h>
#include <asm/prctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "runtime/base/check.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kContext = HostRunner::kBase + 0x1000, kContextSize = 0x1000;
constexpr std::array kSignals = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};

// Selectors: of Linux for user code and data, and of our own LDT.
constexpr std::uint16_t kUser64 = 0x33, kUser32 = 0x23, kUserData = 0x2B, kCode16 = 0x07, kData16 = 0x0F;

void set_descriptor(unsigned selector, std::uint64_t base, std::uint64_t size, unsigned contents) {
    user_desc entry{};
    entry.entry_number = selector >> 3;
    entry.base_addr = static_cast<unsigned>(base);
    entry.limit = static_cast<unsigned>(size - 1);
    entry.contents = contents & 3;
    entry.useable = 1;
    NYX_CHECK(syscall(SYS_modify_ldt, 0x11, &entry, sizeof(entry)) == 0, "modify_ldt");
}

// Machine code, appended at a place of the code page.
class Writer {
  public:
    explicit Writer(std::uint64_t at) : at_(reinterpret_cast<std::uint8_t*>(at)) {}
    std::uint64_t here() const { return reinterpret_cast<std::uint64_t>(at_); }
    Writer& bytes(std::span<const std::uint8_t> code) {
        at_ = std::copy(code.begin(), code.end(), at_);
        return *this;
    }
    Writer& bytes(std::initializer_list<std::uint8_t> code) { return bytes(std::span(code.begin(), code.size())); }
    Writer& word(std::uint64_t value) {
        std::memcpy(at_, &value, 4);
        at_ += 4;
        return *this;
    }
    // The displacement that ends a RIP-relative operand or a jump, `behind` bytes before the instruction's end.
    Writer& to(std::uint64_t target, std::uint64_t behind = 0) { return word(target - (here() + 4 + behind)); }

  private:
    std::uint8_t* at_;
};

}  // namespace

// Beside the code, so that every register can be loaded and stored without another one.
struct HostRunner::Context {
    UserState state;
    std::uint64_t host_rsp = 0, rip = 0;
    struct [[gnu::packed]] {
        std::uint32_t offset = 0;
        std::uint16_t selector = 0;
    } start;  // of code of less than 64 bits
    std::uint16_t data_selector = 0;
    std::array<std::uint64_t, 2> exit{};  // of this code's mode: [0]
    bool is_running = false, faulted = false;
    Fault fault;
};

HostRunner::Context& HostRunner::context() {
    return *reinterpret_cast<Context*>(kContext);
}

std::uint32_t UserState::mxcsr() const {
    std::uint32_t value;
    std::memcpy(&value, fxsave.data() + 24, 4);
    return value;
}

void UserState::set_mxcsr(std::uint32_t value) {
    std::memcpy(fxsave.data() + 24, &value, 4);
}

void UserState::reset_fpu() {
    fxsave = {};
    fxsave[0] = 0x7F;
    fxsave[1] = 0x03;
    set_mxcsr(0x1F80);
}

HostRunner::HostRunner() {
    static_assert(sizeof(Context) <= kContextSize);
    auto map = [](std::uint64_t at, std::uint64_t size, int protection) {
        void* got = mmap(reinterpret_cast<void*>(at), size, protection,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        NYX_CHECK(got == reinterpret_cast<void*>(at), "memory at a fixed address");
    };
    map(kCodePage, 0x1000, PROT_READ | PROT_WRITE | PROT_EXEC);
    map(kContext, kContextSize, PROT_READ | PROT_WRITE);
    map(kData, kDataSize, PROT_READ | PROT_WRITE);
    new (&context()) Context;
    put_stubs(put_stubs(put_stubs(0, kPlain), kWithVectors), kCompatible);
    set_descriptor(kCode16, kBase, 0x10000, MODIFY_LDT_CONTENTS_CODE);
    set_descriptor(kData16, kData, kDataSize, MODIFY_LDT_CONTENTS_DATA);
    syscall(SYS_arch_prctl, ARCH_SET_GS, kGsBase);

    signal_stack_.resize(64 << 10);
    stack_t stack{};
    stack.ss_sp = signal_stack_.data();
    stack.ss_size = signal_stack_.size();
    sigaltstack(&stack, &old_stack_);
    struct sigaction action{};
    action.sa_sigaction = &on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &action, &old_actions_[i]);
}

HostRunner::~HostRunner() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &old_actions_[i], nullptr);
    sigaltstack(&old_stack_, nullptr);
    munmap(reinterpret_cast<void*>(kCodePage), 0x1000);
    munmap(reinterpret_cast<void*>(kContext), kContextSize);
    munmap(reinterpret_cast<void*>(kData), kDataSize);
}

// One pair of stubs at this offset of the code page; returns the offset behind them.
std::size_t HostRunner::put_stubs(std::size_t at, Stub kind) {
    Context& c = context();
    auto address = [](const void* p) { return reinterpret_cast<std::uint64_t>(p); };
    Writer w(kCodePage + at);
    entry_[kind] = w.here();
    w.bytes({0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57});  // push rbx, rbp, r12 to r15
    w.bytes({0x48, 0x89, 0x25}).to(address(&c.host_rsp));                   // mov [host_rsp], rsp
    auto vectors = [&](std::uint8_t opcode) {                               // vmovdqu
        for (std::size_t i = 0; i < 16; ++i)
            w.bytes({0xC5, static_cast<std::uint8_t>(i < 8 ? 0xFE : 0x7E), opcode,
                     static_cast<std::uint8_t>(5 | ((i & 7) << 3))})
                .to(address(&c.state.ymm[i]));
    };
    auto generals = [&](std::uint8_t opcode) {  // mov
        for (std::size_t i = 0; i < 16; ++i)
            w.bytes({static_cast<std::uint8_t>(i < 8 ? 0x48 : 0x4C), opcode,
                     static_cast<std::uint8_t>(5 | ((i & 7) << 3))})
                .to(address(&c.state.gpr[i]));
    };
    if (kind == kWithVectors) {
        w.bytes({0x48, 0x0F, 0xAE, 0x0D}).to(address(&c.state.fxsave));  // fxrstor64
        vectors(0x6F);
    }
    // mov ds, es, ss
    if (kind == kCompatible)
        for (std::uint8_t modrm : std::initializer_list<std::uint8_t>{0x1D, 0x05, 0x15})
            w.bytes({0x8E, modrm}).to(address(&c.data_selector));
    w.bytes({0xFF, 0x35}).to(address(&c.state.rflags)).bytes({0x9D});  // push [rflags]; popfq
    generals(0x8B);
    if (kind == kCompatible)
        w.bytes({0xFF, 0x2D}).to(address(&c.start));  // jmp far [start]
    else
        w.bytes({0xE9}).to(kCode);

    exit_[kind] = w.here();
    generals(0x89);
    w.bytes({0x48, 0x8B, 0x25}).to(address(&c.host_rsp));                    // mov rsp, [host_rsp]
    w.bytes({0x9C, 0x8F, 0x05}).to(address(&c.state.rflags)).bytes({0xFC});  // pushfq; pop [rflags]; cld
    if (kind == kWithVectors) {
        w.bytes({0x48, 0x0F, 0xAE, 0x05}).to(address(&c.state.fxsave));  // fxsave64
        vectors(0x7F);
        // fninit; ldmxcsr [the constant behind]; vzeroupper
        w.bytes({0xDB, 0xE3, 0x0F, 0xAE, 0x15}).word(3 + 10 + 1).bytes({0xC5, 0xF8, 0x77});
    }
    // xor eax, eax; mov ds, eax; mov es, eax; mov al, 2BH; mov ss, eax
    if (kind == kCompatible) w.bytes({0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xC0, 0xB0, kUserData, 0x8E, 0xD0});
    w.bytes({0x41, 0x5F, 0x41, 0x5E, 0x41, 0x5D, 0x41, 0x5C, 0x5D, 0x5B, 0xC3});  // pop r15 to r12, rbp, rbx; ret
    w.word(0x1F80);
    NYX_CHECK(w.here() < kCode - 0x80, "stubs");
    return w.here() - kCodePage;
}

// Where the code may end it notes where that was: mov [rip], imm32; jmp. Other than 64-bit code goes to a place of
// its own for that, by a far jump.
void HostRunner::put_end(std::uint64_t at, std::size_t number) {
    std::uint64_t place = at;
    if (bits_ != 64) {
        place = kCodePage + 0xF00 + 16 * number;
        Writer w(at);
        if (bits_ == 16) w.bytes({0x66});
        w.bytes({0xEA}).word(place).bytes({kUser64, 0});
    }
    Writer w(place);
    w.bytes({0x48, 0xC7, 0x05}).to(reinterpret_cast<std::uint64_t>(&context().rip), 4).word(at);
    w.bytes({0xE9}).to(exit_[stub_]);
}

void HostRunner::set_code(const TestCode& code) {
    NYX_CHECK(code.bytes.size() <= 400, "test code");
    NYX_CHECK(code.bits == 64 || !code.with_vectors, "vectors in 64-bit code only");
    bits_ = code.bits;
    stub_ = bits_ != 64 ? kCompatible : code.with_vectors ? kWithVectors : kPlain;
    Context& c = context();
    c.exit[0] = exit_[stub_];
    c.start.offset = static_cast<std::uint32_t>(kCode - code_base(bits_));
    c.start.selector = bits_ == 16 ? kCode16 : kUser32;
    c.data_selector = bits_ == 16 ? kData16 : kUserData;
    auto* start = reinterpret_cast<std::uint8_t*>(kCode);
    std::memset(start - 0x80, 0xCC, 0x880);
    put_end(kCode + code.bytes.size(), 0);
    for (std::size_t i = 0; i < code.targets.size(); ++i)
        put_end(kCode + static_cast<std::uint64_t>(code.targets[i]), i + 1);
    std::ranges::copy(code.bytes, start);
}

Outcome HostRunner::run(const UserState& state) {
    Context& c = context();
    constexpr std::uint64_t kOthers = 0x202;
    c.state.gpr = state.gpr;
    if (stub_ == kWithVectors) {
        c.state = state;
        for (std::size_t i = 0; i < 16; ++i) std::memcpy(&c.state.fxsave[160 + 16 * i], &state.ymm[i], 16);
    }
    c.state.rflags = (state.rflags & kFlagsOfTests) | kOthers;
    c.faulted = false;
    c.is_running = true;
    reinterpret_cast<void (*)()>(entry_[stub_])();
    c.is_running = false;
    Outcome outcome;
    outcome.state.gpr = c.state.gpr;
    if (stub_ == kWithVectors) outcome.state = c.state;
    if (stub_ == kCompatible)  // what 64-bit registers hold besides is undefined
        for (std::size_t i = 0; i < 16; ++i)
            outcome.state.gpr[i] = i < 8 ? outcome.state.gpr[i] & 0xFFFFFFFF : state.gpr[i];
    outcome.state.rflags = (c.state.rflags & kFlagsOfTests) | kOthers;
    outcome.rip = c.rip;
    if (c.faulted) outcome.fault = c.fault;
    return outcome;
}

// Goes on at the exit stub with all registers as they were at the fault.
void HostRunner::on_signal(int number, siginfo_t*, void* where) {
    auto& registers = static_cast<ucontext_t*>(where)->uc_mcontext.gregs;
    Context& c = context();
    if (!c.is_running) {
        signal(number, SIG_DFL);  // a mistake of the test program itself
        return;
    }
    c.is_running = false;
    c.faulted = true;
    c.rip = static_cast<std::uint64_t>(registers[REG_RIP]);
    c.fault = {static_cast<unsigned>(registers[REG_TRAPNO]), static_cast<std::uint64_t>(registers[REG_ERR]), 0};
    if (c.fault.vector == 14) c.fault.address = static_cast<std::uint64_t>(registers[REG_CR2]);
    // Of its own half of the address space the kernel says always that there are pages.
    if (c.fault.address >> 63 != 0) c.fault.error_code &= ~std::uint64_t{1};
    registers[REG_RIP] = static_cast<greg_t>(c.exit[0]);
    auto selectors = static_cast<std::uint64_t>(registers[REG_CSGSFS]);
    if ((selectors & 0xFFFF) == kCode16) c.rip += kBase;
    registers[REG_CSGSFS] = static_cast<greg_t>((selectors & ~std::uint64_t{0xFFFF}) | kUser64);
}

}  // namespace nyx::soft

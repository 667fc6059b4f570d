#include "comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

namespace nyx::soft {
namespace {

constexpr std::array kNames = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                               "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};

// The parts of an FXSAVE image that are compared.
struct Part {
    const char* name;
    std::size_t at, size;
};
constexpr Part kFxsaveParts[] = {{"fcw", 0, 2},   {"fsw", 2, 2},    {"ftw", 4, 1},    {"mxcsr", 24, 4},
                                 {"st0", 32, 10}, {"st1", 48, 10},  {"st2", 64, 10},  {"st3", 80, 10},
                                 {"st4", 96, 10}, {"st5", 112, 10}, {"st6", 128, 10}, {"st7", 144, 10}};

std::string hex(std::span<const std::uint8_t> bytes) {
    return fmt::format("{:02x}", fmt::join(bytes, " "));
}

// The software CPU finds nothing there, but this process does (sanitizer/asan_mapping.h, x86-64 Linux).
bool is_of_sanitizer(const Outcome& outcome) {
#ifdef __SANITIZE_ADDRESS__
    return outcome.fault && outcome.fault->vector == 14 && outcome.fault->address >= 0x7FFF'7000 &&
           outcome.fault->address < 0x1000'7FFF'8000;
#else
    (void)outcome;
    return false;
#endif
}

std::string ending(const Outcome& outcome) {
    std::string text = fmt::format("rip {:#x}", outcome.rip);
    if (outcome.fault)
        text += fmt::format(", exception {} ({:#x}) address {:#x}", outcome.fault->vector, outcome.fault->error_code,
                            outcome.fault->address);
    return text;
}

}  // namespace

void Comparison::set_code(const TestCode& code, std::uint64_t undefined_flags, std::uint64_t undefined_at_fault) {
    code_ = code;
    undefined_flags_ = undefined_flags;
    undefined_at_fault_ = undefined_at_fault;
    host_.set_code(code);
    soft_.set_code(code);
}

std::string Comparison::registers_apart() const {
    std::string text;
    for (std::size_t i = 0; i < 16; ++i)
        if (on_host_.state.gpr[i] != on_soft_.state.gpr[i])
            text +=
                fmt::format("  {}: host {:#x}, soft {:#x}\n", kNames[i], on_host_.state.gpr[i], on_soft_.state.gpr[i]);
    const std::uint64_t undefined = undefined_flags_ | (on_host_.fault ? undefined_at_fault_ : 0);
    if (((on_host_.state.rflags ^ on_soft_.state.rflags) & ~undefined) != 0)
        text += fmt::format("  flags: host {:#x}, soft {:#x}\n", on_host_.state.rflags, on_soft_.state.rflags);
    if (on_host_.rip != on_soft_.rip || on_host_.fault != on_soft_.fault)
        text += fmt::format("  end: host {}; soft {}\n", ending(on_host_), ending(on_soft_));
    return text;
}

std::string Comparison::vectors_apart() const {
    std::string text;
    for (const Part& part : kFxsaveParts) {
        auto on_host = std::span(on_host_.state.fxsave).subspan(part.at, part.size);
        auto on_soft = std::span(on_soft_.state.fxsave).subspan(part.at, part.size);
        if (!std::ranges::equal(on_host, on_soft))
            text += fmt::format("  {}: host {}, soft {}\n", part.name, hex(on_host), hex(on_soft));
    }
    for (std::size_t i = 0; i < 16; ++i)
        if (on_host_.state.ymm[i] != on_soft_.state.ymm[i])
            text += fmt::format("  ymm{}: host {}\n  {:>8} {}\n", i, hex(on_host_.state.ymm[i]), "soft",
                                hex(on_soft_.state.ymm[i]));
    return text;
}

std::string Comparison::describe(const UserState& state) const {
    std::string text = fmt::format("{}\n  before:", hex(code_.bytes));
    for (std::size_t i = 0; i < 16; ++i) text += fmt::format(" {}={:#x}", kNames[i], state.gpr[i]);
    text += fmt::format(" flags={:#x}\n", state.rflags);
    if (!code_.with_vectors) return text;
    text += fmt::format("  mxcsr={:#x} fcw={} fsw={} ftw={}\n", state.mxcsr(), hex(std::span(state.fxsave).first(2)),
                        hex(std::span(state.fxsave).subspan(2, 2)), hex(std::span(state.fxsave).subspan(4, 1)));
    return text;
}

std::optional<std::string> Comparison::difference(const UserState& state, std::span<const std::uint8_t> data) {
    std::memcpy(HostRunner::data().data(), data.data(), data.size());
    std::memcpy(soft_.data().data(), data.data(), data.size());
    on_soft_ = soft_.run(state);
    if (is_of_sanitizer(on_soft_)) {
        ++left_out_;
        on_host_ = on_soft_;
        return std::nullopt;
    }
    on_host_ = host_.run(state);
    std::ranges::copy(HostRunner::data().subspan(ignored_at_, ignored_size_),
                      soft_.data().begin() + static_cast<std::ptrdiff_t>(ignored_at_));
    ignored_size_ = 0;
    std::string text = registers_apart();
    if (code_.with_vectors) text += vectors_apart();
    if (std::memcmp(HostRunner::data().data(), soft_.data().data(), data.size()) != 0) {
        auto [a, b] = std::ranges::mismatch(HostRunner::data(), soft_.data());
        text += fmt::format("  memory at {:#x}: host {:#x}, soft {:#x}\n",
                            HostRunner::kData + static_cast<std::uint64_t>(a - HostRunner::data().begin()), *a, *b);
    }
    if (text.empty()) return std::nullopt;
    return describe(state) + text;
}

}  // namespace nyx::soft

// How fast a soft::Cpu runs, in guest instructions per second.
#include <benchmark/benchmark.h>

#include "tests/unit/runtime/soft/compile_at_once.h"
#include "tests/unit/runtime/soft/fixture.h"

namespace nyx::soft {
namespace {

using Code = std::initializer_list<std::uint8_t>;

const Code kRegisters = {
    0x48, 0x01, 0xC8,                    // again: add rax, rcx
    0x48, 0x31, 0xC2,                    // xor rdx, rax
    0x48, 0x8D, 0x5C, 0x50, 0x07,        // lea rbx, [rax + rdx*2 + 7]
    0x48, 0xC1, 0xC2, 0x05,              // rol rdx, 5
    0x48, 0x29, 0xCB,                    // sub rbx, rcx
    0x48, 0x0F, 0xAF, 0xF3,              // imul rsi, rbx
    0x89, 0xF7,                          // mov edi, esi
    0x81, 0xE7, 0xFF, 0x00, 0x00, 0x00,  // and edi, 255
    0x48, 0xFF, 0xC9,                    // dec rcx
    0x75, 0xDD,                          // jnz again
};

const Code kMemory = {
    0x48, 0x8B, 0x04, 0xCE,                    // again: mov rax, [rsi + rcx*8]
    0x48, 0x01, 0xC2,                          // add rdx, rax
    0x48, 0x89, 0x04, 0xCF,                    // mov [rdi + rcx*8], rax
    0x48, 0xFF, 0xC1,                          // inc rcx
    0x48, 0x81, 0xF9, 0x00, 0x04, 0x00, 0x00,  // cmp rcx, 1024
    0x72, 0xE9,                                // jb again
    0x31, 0xC9,                                // xor ecx, ecx
    0xEB, 0xE5,                                // jmp again
};

const Code kCalls = {
    0xE8, 0x1C, 0x00, 0x00, 0x00,              // again: call f
    0xA8, 0x01,                                // test al, 1
    0x74, 0x06,                                // jz even
    0x48, 0x83, 0xC3, 0x03,                    // add rbx, 3
    0xEB, 0x04,                                // jmp both
    0x48, 0x83, 0xEB, 0x01,                    // even: sub rbx, 1
    0x4C, 0x39, 0xC3,                          // both: cmp rbx, r8
    0x7F, 0x03,                                // jg greater
    0x49, 0xFF, 0xC1,                          // inc r9
    0x48, 0xFF, 0xC9,                          // greater: dec rcx
    0x75, 0xE0,                                // jnz again
    0x90,                                      // nop
    0x55,                                      // f: push rbp
    0x48, 0x89, 0xE5,                          // mov rbp, rsp
    0x48, 0x69, 0xC0, 0x6D, 0x4E, 0xC6, 0x41,  // imul rax, rax, 1103515245
    0x48, 0x05, 0x39, 0x30, 0x00, 0x00,        // add rax, 12345
    0x48, 0x89, 0x45, 0xF8,                    // mov [rbp - 8], rax
    0x48, 0x39, 0xD0,                          // cmp rax, rdx
    0x7C, 0x04,                                // jl less
    0x48, 0xC1, 0xE8, 0x03,                    // shr rax, 3
    0x5D,                                      // less: pop rbp
    0xC3,                                      // ret
};

void prepare(Fixture& f, Code code) {
    f.put(Fixture::kCode, code);
    f.cpu->gpr[kRax] = 1;
    f.cpu->gpr[kRcx] = 0;
    f.cpu->gpr[kRdx] = 0x1234'5678'9ABC'DEF0;
    f.cpu->gpr[kRsi] = Fixture::kData;
    f.cpu->gpr[kRdi] = Fixture::kData + 0x8000;
}

void loop(benchmark::State& state, Code code) {
    constexpr std::uint64_t kAtOnce = 1'000'000;
    Fixture f;
    prepare(f, code);
    for (auto _ : state) f.cpu->run(kAtOnce);
    state.SetItemsProcessed(static_cast<std::int64_t>(f.cpu->instructions));
    if (f.cpu->activity != Activity::kRunning) state.SkipWithError("the loop ended");
}

// One string instruction over and over.
void string(benchmark::State& state, Code code) {
    constexpr std::uint64_t kBytes = 0x8000;
    Fixture f;
    for (auto _ : state) {
        prepare(f, code);
        f.cpu->gpr[kRcx] = kBytes;
        f.cpu->rip = Fixture::kCode;
        f.cpu->run(1);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kBytes));
}

// The same with the loop compiled.
void compiled_loop(benchmark::State& state, Code code) {
    constexpr std::uint64_t kAtOnce = 1'000'000;
    Fixture f;
    prepare(f, code);
    auto source = CompileAtOnce::make();
    if (source == nullptr) return state.SkipWithError("built without the compiler of regions");
    f.cpu->use_regions(source, {.heat = 2, .interval = 0});
    for (int i = 0; i < 10; ++i) f.cpu->run(kAtOnce);
    const std::uint64_t before = f.cpu->instructions;
    for (auto _ : state) f.cpu->run(kAtOnce);
    state.SetItemsProcessed(static_cast<std::int64_t>(f.cpu->instructions - before));
    state.counters["compiled"] =
        static_cast<double>(f.cpu->region_counts().instructions) / static_cast<double>(f.cpu->instructions);
}

BENCHMARK_CAPTURE(loop, registers, kRegisters);
BENCHMARK_CAPTURE(loop, memory, kMemory);
BENCHMARK_CAPTURE(loop, calls, kCalls);
BENCHMARK_CAPTURE(compiled_loop, registers, kRegisters);
BENCHMARK_CAPTURE(compiled_loop, memory, kMemory);
BENCHMARK_CAPTURE(compiled_loop, calls, kCalls);
BENCHMARK_CAPTURE(string, rep_movsb, {0xF3, 0xA4});
BENCHMARK_CAPTURE(string, rep_stosb, {0xF3, 0xAA});
BENCHMARK_CAPTURE(string, repe_cmpsb, {0xF3, 0xA6});

}  // namespace
}  // namespace nyx::soft

BENCHMARK_MAIN();

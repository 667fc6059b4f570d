// What an interrupt by level costs a guest of KVM whose device is in this process: one access that raises it, one that
// takes its reason away, the handler and its end of interrupt; set by calls (KVM_IRQ_LINE), and by irqfd with resample.
#define DOCTEST_CONFIG_IMPLEMENT  // level_guest.h is the tests'
#include <benchmark/benchmark.h>

#include "runtime/base/check.h"
#include "tests/unit/runtime/machine/level_guest.h"

using namespace nyx;
using namespace nyx::vm;

namespace {

constexpr std::uint16_t kInterrupts = 5000;

void interrupts(benchmark::State& state, bool irqfd) {
    if (host_kvm() == nullptr) return state.SkipWithError("no KVM here");
    for (auto _ : state) {
        state.PauseTiming();
        Guest guest = guest_with_level_interrupts(kInterrupts, 1);
        guest.options.irqfd = irqfd;
        auto machine = guest.make();
        NYX_CHECK(machine, "{}", machine.error().text());
        state.ResumeTiming();
        const Outcome outcome = (*machine)->run({});
        NYX_CHECK(outcome.kind == Outcome::Kind::kExited, "the guest: {}", outcome.reason);
    }
    state.counters["one"] = benchmark::Counter(static_cast<double>(state.iterations()) * kInterrupts,
                                               benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK_CAPTURE(interrupts, calls, false)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(interrupts, irqfd, true)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();

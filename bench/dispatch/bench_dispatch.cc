// A recorded trace of device accesses, replayed through each bus by 1, 2 and 8 threads, each of which does all of it on
// the same machine: bench_dispatch BUNDLE TRACE [options of Google Benchmark]. Time is for one access of one thread.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>

#include "bench/dispatch/buses.h"
#include "runtime/base/check.h"
#include "runtime/base/file.h"
#include "tests/equivalence/trace.h"

using namespace nyx;
using namespace nyx::bench;

namespace {

const plan::Bundle* machine = nullptr;
std::vector<trace::Access> accesses;

template <class Bus>
void replay(Bus& bus, typename Bus::Caller& caller, std::span<const trace::Access> all) {
    std::array<std::uint8_t, 8> data{};
    for (const trace::Access& one : all) {
        const auto part = std::span(data).first(one.width);
        if (one.is_write) {
            std::memcpy(data.data(), &one.value, sizeof one.value);
            bus.write(caller, one.space, one.address, part);
        } else {
            bus.read(caller, one.space, one.address, part);
            benchmark::DoNotOptimize(data);
        }
    }
}

// The threads of one run share the bus, which the first of them makes.
template <class Bus, class Make>
void measure(benchmark::State& state, Make make) {
    static std::unique_ptr<Bus> bus;
    if (state.thread_index() == 0) bus = make(state.threads());
    std::unique_ptr<typename Bus::Caller> caller;
    const std::size_t from =
        accesses.size() / static_cast<std::size_t>(state.threads()) * static_cast<std::size_t>(state.thread_index());
    for (auto _ : state) {
        if (!caller) caller = std::make_unique<typename Bus::Caller>(*bus);
        replay(*bus, *caller, std::span(accesses).subspan(from));
        replay(*bus, *caller, std::span(accesses).first(from));
    }
    state.counters["ns"] =
        benchmark::Counter(static_cast<double>(accesses.size()) * static_cast<double>(state.iterations()) / 1e9,
                           benchmark::Counter::kAvgThreadsRate | benchmark::Counter::kInvert);
}

template <class Bus, class Make>
void add(const std::string& name, Make make) {
    benchmark::RegisterBenchmark(name.c_str(), [make](benchmark::State& state) { measure<Bus>(state, make); })
        ->Threads(1)
        ->Threads(2)
        ->Threads(8)
        ->UseRealTime();
}

// A bus of a type of its own for each, as the threads' bus is found by it.
template <NyxBus::Devices kDevices>
struct Nyx : NyxBus {
    explicit Nyx(int threads) : NyxBus(*machine, kDevices, threads == 1 ? 1 : 8) {}
};

codegen::HotAccesses profile() {
    NyxBus table(*machine, NyxBus::Devices::kDescribed, 1);
    NyxBus::Caller caller(table);
    replay(table, caller, accesses);
    return table.hottest(caller);
}

struct Profiled : NyxBus {
    explicit Profiled(int threads) : NyxBus(*machine, Devices::kCompiled, threads == 1 ? 1 : 8, profile()) {}
};

void add_all() {
    using Devices = NyxBus::Devices;
    const auto nyx = []<Devices kDevices>(std::string name, std::integral_constant<Devices, kDevices>) {
        add<Nyx<kDevices>>(name, [](int threads) { return std::make_unique<Nyx<kDevices>>(threads); });
    };
    nyx("compiled", std::integral_constant<Devices, Devices::kCompiled>());
    add<Profiled>("profiled", [](int threads) { return std::make_unique<Profiled>(threads); });
    nyx("table", std::integral_constant<Devices, Devices::kDescribed>());
    nyx("table-classes", std::integral_constant<Devices, Devices::kClasses>());
    add<MapBus>("map", [](int) { return std::make_unique<MapBus>(*machine); });
    add<SharedMapBus>("shared-map", [](int) { return std::make_unique<SharedMapBus>(*machine); });
    add<LinearBus>("linear", [](int) { return std::make_unique<LinearBus>(*machine); });
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 3) {
        fmt::print(stderr, "usage: bench_dispatch BUNDLE TRACE [options]\n");
        return 2;
    }
    auto bundle = plan::Bundle::open(arguments[1]);
    NYX_CHECK(bundle, "{}", bundle.error().text());
    machine = &*bundle;
    auto bytes = read_file(arguments[2]);
    NYX_CHECK(bytes, "{}", bytes.error().text());
    auto decoded = trace::decode(*bytes);
    NYX_CHECK(decoded, "{}", decoded.error().text());
    accesses = std::move(*decoded);
    count -= 2;
    arguments[2] = arguments[0];
    arguments += 2;
    benchmark::Initialize(&count, arguments);
    add_all();
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

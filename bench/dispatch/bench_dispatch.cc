// A recorded trace of device accesses, replayed through each bus by 1, 2 and 8 threads in two ways: all of them on the
// same devices (shared), or each on devices of its own behind the same bus (own). bench_dispatch BUNDLE TRACE [options
// of Google Benchmark]. Time is for one access of one thread.
#include <benchmark/benchmark.h>

#include <cstring>
#include <deque>
#include <string>

#include "bench/dispatch/nyx_bus.h"
#include "bench/dispatch/peer_buses.h"
#include "runtime/base/check.h"
#include "runtime/base/file.h"

using namespace nyx;
using namespace nyx::bench;

namespace {

using Accesses = std::vector<trace::Access>;

struct Way {
    std::string name;  // "shared" or "own"
    int threads = 1;
    Board board;
    std::unique_ptr<jit::ExitCode> compiled, profiled;
};

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

// The threads of one run share the bus, which the first of them makes; each begins at a place of its own.
template <class Bus, class Make>
void measure(benchmark::State& state, const Way& way, Make make) {
    static std::unique_ptr<Bus> bus;
    if (state.thread_index() == 0) bus = make(way);
    std::unique_ptr<typename Bus::Caller> caller;
    const auto thread = static_cast<std::size_t>(state.thread_index());
    const Accesses& accesses = way.board.accesses[thread % way.board.accesses.size()];
    const std::size_t from = accesses.size() / static_cast<std::size_t>(state.threads()) * thread;
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
void add(const std::string& row, const Way& way, Make make) {
    benchmark::RegisterBenchmark((row + "/" + way.name).c_str(),
                                 [&way, make](benchmark::State& state) { measure<Bus>(state, way, make); })
        ->Threads(way.threads)
        ->UseRealTime();
}

codegen::HotAccesses profile(const Board& board) {
    NyxBus table(board, NyxBus::Devices::kDescribed, 1);
    NyxBus::Caller caller(table);
    for (const Accesses& all : board.accesses) replay(table, caller, all);
    return table.hottest(caller);
}

Way way_of(const plan::Bundle& bundle, const Accesses& accesses, bool is_own, int threads) {
    Way way{is_own ? "own" : "shared", threads, repeated(bundle, accesses, is_own ? static_cast<unsigned>(threads) : 1),
            nullptr, nullptr};
    way.compiled = compiled(way.board);
    way.profiled = compiled(way.board, profile(way.board));
    return way;
}

void add_all(const Way& way) {
    using Devices = NyxBus::Devices;
    const auto nyx = [&](const std::string& row, Devices devices, const jit::ExitCode* code) {
        add<NyxBus>(row, way, [devices, code](const Way& one) {
            return std::make_unique<NyxBus>(one.board, devices, static_cast<std::uint32_t>(one.threads), code);
        });
    };
    nyx("compiled", Devices::kDescribed, way.compiled.get());
    nyx("profiled", Devices::kDescribed, way.profiled.get());
    nyx("table", Devices::kDescribed, nullptr);
    nyx("table-classes", Devices::kClasses, nullptr);
    add<MapBus>("map", way, [](const Way& one) { return std::make_unique<MapBus>(one.board); });
    add<SharedMapBus>("shared-map", way, [](const Way& one) { return std::make_unique<SharedMapBus>(one.board); });
    add<LockedMapBus>("locked-map", way, [](const Way& one) { return std::make_unique<LockedMapBus>(one.board); });
    add<LinearBus>("linear", way, [](const Way& one) { return std::make_unique<LinearBus>(one.board); });
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 3) {
        fmt::print(stderr, "usage: bench_dispatch BUNDLE TRACE [options]\n");
        return 2;
    }
    auto bundle = plan::Bundle::open(arguments[1]);
    NYX_CHECK(bundle, "{}", bundle.error().text());
    auto bytes = read_file(arguments[2]);
    NYX_CHECK(bytes, "{}", bytes.error().text());
    auto accesses = trace::decode(*bytes);
    NYX_CHECK(accesses, "{}", accesses.error().text());
    count -= 2;
    arguments[2] = arguments[0];
    arguments += 2;
    benchmark::Initialize(&count, arguments);
    std::deque<Way> ways;
    for (int threads : {1, 2, 8}) ways.push_back(way_of(*bundle, *accesses, false, threads));
    for (int threads : {2, 8}) ways.push_back(way_of(*bundle, *accesses, true, threads));
    for (const Way& way : ways) add_all(way);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

#include "runtime/machine/turns.h"

#include <doctest/doctest.h>

#include <deque>

#include "runtime/hv/hypervisor.h"

namespace nyx::vm {
namespace {

// Executes nothing, one by one; `each` is told before each instruction is done.
class FakeVcpu final : public hv::CountedVcpu {
  public:
    std::optional<hv::Exit> run_for(hv::ExitServer&, std::uint64_t instructions) override {
        yielded_ = false;
        for (std::uint64_t i = 0; i < instructions && !yielded_ && runs; ++i) {
            if (each) each(executed_);
            ++executed_;
        }
        return exit;
    }
    void yield() override { yielded_ = true; }
    std::uint64_t executed() const override { return executed_; }
    bool can_run() const override { return runs; }
    void forget_derived() override { ++forgotten; }
    dev::StateUnit save() const override { return {}; }
    Status restore(const dev::StateUnit&) override { return {}; }

    std::function<void(std::uint64_t)> each;
    std::optional<hv::Exit> exit;
    bool runs = true;
    int forgotten = 0;

  private:
    std::uint64_t executed_ = 0;
    bool yielded_ = false;
};

struct NoServer final : hv::ExitServer {
    bool serve(hv::Exit&) override { return false; }
};

struct Bench {
    explicit Bench(std::size_t count, TurnOptions options = {.length = 100, .cold_every = 100'000})
        : timers([this] { turns.end_slice(); }), turns(options, timers, [this] { return stop; }), vcpus(count) {
        std::vector<hv::CountedVcpu*> users;
        for (FakeVcpu& vcpu : vcpus) users.push_back(&vcpu);
        turns.use(users, std::vector<hv::ExitServer*>(count, &server));
    }
    // As the machine does it: on until the goal.
    void run_to(std::uint64_t instructions) {
        for (;;) {
            Turns::Pause pause = turns.run({instructions, Turns::kNever});
            if (pause == Turns::Pause::kGoal) return;
            if (pause == Turns::Pause::kIdle) REQUIRE(turns.jump());
        }
    }

    bool stop = false;
    dev::TimerQueue timers;
    Turns turns;
    std::mutex device;
    std::unique_ptr<dev::Timers> maker = timers.for_device(device);
    NoServer server;
    std::deque<FakeVcpu> vcpus;
};

TEST_CASE("vCPUs take turns of so many instructions, and the goal is met exactly") {
    Bench bench(2);
    bench.run_to(250);
    CHECK(bench.turns.instructions() == 250);
    CHECK(bench.turns.by_vcpu() == std::vector<std::uint64_t>{150, 100});
    CHECK(!bench.turns.at_boundary());
    bench.run_to(300);
    CHECK(bench.turns.at_boundary());
    CHECK(bench.turns.boundary() == 3);
    CHECK(bench.turns.by_vcpu() == std::vector<std::uint64_t>{200, 100});
}

TEST_CASE("a vCPU that waits is passed over, and its turn is over") {
    Bench bench(3);
    bench.vcpus[1].runs = false;
    bench.vcpus[0].each = [&](std::uint64_t at) { bench.vcpus[0].runs = at != 9; };
    bench.run_to(60);
    CHECK(bench.turns.by_vcpu() == std::vector<std::uint64_t>{10, 0, 50});
}

TEST_CASE("time is what was executed, to the instruction") {
    Bench bench(2, {.length = 100, .cold_every = 100'000, .start_wall_ns = 5'000});
    std::vector<std::uint64_t> times;
    bench.vcpus[1].each = [&](std::uint64_t) { times.push_back(bench.turns.monotonic_ns()); };
    bench.run_to(103);
    CHECK(times == std::vector<std::uint64_t>{100, 101, 102});
    CHECK(bench.turns.monotonic_ns() == 103);
    CHECK(bench.turns.wall_ns() == 5'103);
}

TEST_CASE("a timer fires after exactly the instruction that its deadline maps to") {
    Bench bench(2);
    std::uint64_t fired_at = 0, by_first = 0;
    auto timer = bench.maker->create([&] {
        fired_at = bench.turns.instructions();
        by_first = bench.vcpus[0].executed();
    });
    timer->arm(1'234);
    bench.run_to(2'000);
    CHECK(fired_at == 1'234);
    CHECK(by_first == 634);
    CHECK(bench.turns.by_vcpu() == std::vector<std::uint64_t>{1'000, 1'000});  // the turn went on after it
}

TEST_CASE("a timer that is armed inside a slice fires on time too") {
    Bench bench(1);
    std::uint64_t fired_at = 0;
    auto timer = bench.maker->create([&] { fired_at = bench.turns.instructions(); });
    bench.vcpus[0].each = [&](std::uint64_t at) {
        if (at == 40) timer->arm(bench.turns.monotonic_ns() + 7);
    };
    bench.run_to(90);
    CHECK(fired_at == 47);
}

TEST_CASE("timers of one deadline fire in the order in which they were made") {
    Bench bench(1);
    std::string order;
    std::vector<std::unique_ptr<dev::Timer>> timers;
    for (char name = 'a'; name <= 'h'; ++name) timers.push_back(bench.maker->create([&order, name] { order += name; }));
    for (std::size_t i : {5u, 2u, 7u, 0u, 6u, 1u, 4u, 3u}) timers[i]->arm(50);
    bench.run_to(60);
    CHECK(order == "abcdefgh");
}

TEST_CASE("when nobody can run, time jumps to the next timer") {
    Bench bench(2);
    for (FakeVcpu& vcpu : bench.vcpus) vcpu.runs = false;
    auto timer = bench.maker->create([&] { bench.vcpus[1].runs = true; });
    CHECK(bench.turns.run({}) == Turns::Pause::kIdle);
    CHECK(!bench.turns.jump());
    timer->arm(1'000'000);
    CHECK(bench.turns.run({}) == Turns::Pause::kIdle);
    CHECK(bench.turns.jump());
    CHECK(bench.turns.monotonic_ns() == 1'000'000);
    CHECK(bench.turns.instructions() == 0);
    CHECK(bench.turns.boundary() == 1);
    bench.run_to(10);
    CHECK(bench.turns.monotonic_ns() == 1'000'010);
    CHECK(bench.turns.by_vcpu() == std::vector<std::uint64_t>{0, 10});
}

TEST_CASE("stopping on the way changes nothing") {
    auto trace = [](std::uint64_t step) {
        Bench bench(3, {.length = 37, .cold_every = 500, .seed = 9});
        std::vector<std::uint64_t> seen;
        auto timer =
            bench.maker->create([&] { seen.push_back(bench.turns.instructions() << 8 | bench.turns.current()); });
        for (FakeVcpu& vcpu : bench.vcpus)
            vcpu.each = [&](std::uint64_t at) {
                if (at % 11 == 3) timer->arm(bench.turns.monotonic_ns() + bench.turns.random() % 50);
            };
        for (std::uint64_t at = step; at < 3'000; at += step) bench.run_to(at);
        bench.run_to(3'000);
        seen.push_back(bench.turns.boundary());
        return seen;
    };
    std::vector<std::uint64_t> whole = trace(3'000);
    CHECK(whole.size() > 20);
    CHECK(trace(1) == whole);
    CHECK(trace(64) == whole);
}

TEST_CASE("cold points lie exactly where they should, once each") {
    Bench bench(2, {.length = 100, .cold_every = 250});
    std::vector<std::uint64_t> cold;
    while (bench.turns.instructions() < 1'000)
        if (bench.turns.run({1'000, Turns::kNever}) == Turns::Pause::kCold) cold.push_back(bench.turns.instructions());
    CHECK(cold == std::vector<std::uint64_t>{250, 500, 750});
    CHECK(bench.vcpus[0].forgotten == 3);
    CHECK(bench.vcpus[1].forgotten == 3);
}

TEST_CASE("an exit that is not served and a wish to stop end the slice") {
    Bench bench(1);
    bench.stop = true;
    CHECK(bench.turns.run({}) == Turns::Pause::kStop);
    bench.stop = false;
    bench.vcpus[0].exit = hv::ShutdownExit{};
    CHECK(bench.turns.run({}) == Turns::Pause::kExit);
    CHECK(std::holds_alternative<hv::ShutdownExit>(bench.turns.take_exit()));
    CHECK(bench.turns.at_boundary());
}

TEST_CASE("entropy comes from the seed") {
    Bench first(1, {.seed = 1}), again(1, {.seed = 1}), other(1, {.seed = 2});
    std::uint64_t one = first.turns.random();
    CHECK(one == again.turns.random());
    CHECK(one != other.turns.random());
    CHECK(one != first.turns.random());
}

TEST_CASE("a point of the run is saved and restored, and what cannot be is refused") {
    Bench bench(2);
    bench.run_to(200);
    (void)bench.turns.random();
    dev::StateUnit unit = bench.turns.save();
    std::uint64_t next = bench.turns.random();
    bench.run_to(700);
    REQUIRE(bench.turns.restore(unit));
    CHECK(bench.turns.save() == unit);
    CHECK(bench.turns.instructions() == 200);
    CHECK(bench.turns.boundary() == 2);
    CHECK(bench.turns.random() == next);
    unit.fields[5].value = Bytes{7, 0, 0, 0};  // a vCPU that is not there
    CHECK(!bench.turns.restore(unit));
    CHECK(bench.turns.instructions() == 200);
}

}  // namespace
}  // namespace nyx::vm

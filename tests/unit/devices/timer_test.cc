#include <doctest/doctest.h>

#include <vector>

#include "devices/kit/fakes.h"

using namespace nyx::dev;

TEST_CASE("timers fire in the order of their deadlines, at their time") {
    FakeClock clock;
    FakeTimers timers(clock);
    std::vector<std::pair<char, std::uint64_t>> fired;
    auto a = timers.create([&] { fired.emplace_back('a', clock.now_ns); });
    auto b = timers.create([&] { fired.emplace_back('b', clock.now_ns); });
    a->arm(200);
    b->arm(100);
    timers.advance(99);
    CHECK(fired.empty());
    timers.advance(500);
    CHECK(fired == std::vector<std::pair<char, std::uint64_t>>{{'b', 100}, {'a', 200}});
    CHECK(!timers.next_deadline());
}

TEST_CASE("a cancelled, replaced or destroyed timer does not fire") {
    FakeClock clock;
    FakeTimers timers(clock);
    int fired = 0;
    auto timer = timers.create([&] { ++fired; });
    timer->arm(100);
    timer->cancel();
    timers.advance(200);
    CHECK(fired == 0);
    timer->arm(300);
    timer->arm(400);
    timers.advance(150);
    CHECK(fired == 0);
    timers.advance(100);
    CHECK(fired == 1);
    timer->arm(10'000);
    timer.reset();
    CHECK(!timers.next_deadline());
}

TEST_CASE("a timer that somebody inside the device cancels does not fire once nobody is inside") {
    TimerQueue queue;
    std::mutex lock;
    int fired = 0;
    std::unique_ptr<Timer> timer;
    auto timers = queue.for_device(lock, [&] { timer->cancel(); });
    timer = timers->create([&] { ++fired; });
    timer->arm(100);
    queue.run_due(100);
    CHECK(fired == 0);
}

TEST_CASE("a timer may arm itself from its callback, and cancel a sibling that is due") {
    FakeClock clock;
    FakeTimers timers(clock);
    int ticks = 0;
    int sibling_fired = 0;
    auto sibling = timers.create([&] { ++sibling_fired; });
    std::unique_ptr<Timer> timer;
    timer = timers.create([&] {
        sibling->cancel();
        if (++ticks < 3) timer->arm(clock.now_ns + 10);
    });
    timer->arm(10);
    sibling->arm(10);
    timers.advance(100);
    CHECK(ticks == 3);
    CHECK(sibling_fired <= 1);  // which of two equal deadlines comes first is not defined
}

TEST_CASE("the loop is told when the earliest deadline moves forward, and the callback has the device's lock") {
    int earlier = 0;
    TimerQueue queue([&] { ++earlier; });
    std::mutex lock;
    auto timers = queue.for_device(lock);
    bool was_locked = false;
    auto first = timers->create([&] {
        was_locked = !lock.try_lock();
        if (!was_locked) lock.unlock();
    });
    auto second = timers->create([] {});
    first->arm(1000);
    CHECK(earlier == 1);
    second->arm(2000);
    CHECK(earlier == 1);
    second->arm(500);
    CHECK(earlier == 2);
    CHECK(queue.next_deadline() == 500);
    queue.run_due(1000);
    CHECK(was_locked);
    CHECK(!queue.next_deadline());
}

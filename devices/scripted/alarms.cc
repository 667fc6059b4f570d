#include "devices/scripted/alarms.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runtime/base/printable.h"

namespace nyx::dev::scripted {

using script::Type;
using script::Value;

namespace {

constexpr std::string_view kField = "timers";
constexpr std::int64_t kFar = std::int64_t{1} << 61;  // ns, 73 years: what has as long only runs
constexpr std::uint64_t kShortest = 1000;             // ns: a timer that arms itself again leaves time for others

script::Map* left_of(const Instance& instance) {
    const std::optional<Value> field = instance.field(kField);
    return field ? field->try_as<script::Map>() : nullptr;
}

std::optional<std::int64_t> time_of(const Value* value) {
    const bool is_time = value != nullptr && (value->is(Type::kInt) || value->is(Type::kTime)) && value->as_int() >= 0;
    return is_time ? std::optional(std::min(value->as_int(), kFar)) : std::nullopt;
}

}  // namespace

Alarms::Alarms(const ir::Program& program, Clock& clock, Timers& timers, std::function<void(std::uint32_t)> ended)
    : clock_(clock), timers_(program.timers.size()) {
    for (std::uint32_t i = 0; i < timers_.size(); ++i) {
        timers_[i].name = program.timers[i].name;
        timers_[i].alarm = timers.create([this, i, ended] {
            ended_at_ = std::exchange(timers_[i].end_ns, std::nullopt);
            ended(i);
            ended_at_.reset();
        });
    }
}

void Alarms::show(Instance& instance) {
    now_ = ended_at_.value_or(clock_.monotonic_ns());
    script::Map* left = timers_.empty() ? nullptr : left_of(instance);
    for (One& one : timers_) {
        const Value name(instance.heap().intern(one.name));
        one.shown.reset();
        if (one.end_ns) one.shown = static_cast<std::int64_t>(*one.end_ns - std::min(*one.end_ns, now_));
        if (left != nullptr && one.shown) left->set(name, Value::integer(*one.shown));
        if (left != nullptr && !one.shown) left->erase(name);
    }
}

void Alarms::follow(Instance& instance, const Complain& complain) {
    script::Map* left = left_of(instance);
    if (left != nullptr && left->size() != 0) remove_unknown(*left, complain);
    for (One& one : timers_) {
        const Value* value = left == nullptr ? nullptr : left->find(one.name);
        const std::optional<std::int64_t> time = time_of(value);
        if (value != nullptr && !time)
            complain(fmt::format("timer `{}` is given {}, and takes a time of 0 ns or more", one.name,
                                 printable(script::to_source(*value))));
        if (!time)
            cancel(one);
        else if (time != one.shown)
            arm(one, *time);
    }
}

void Alarms::remove_unknown(script::Map& left, const Complain& complain) const {
    std::vector<Value> unknown;
    for (const script::Map::Entry& entry : left.entries()) {
        const auto* name = entry.key.try_as<script::String>();
        const bool is_known = entry.key.is(Type::kUnset) ||
                              (name != nullptr && std::ranges::find(timers_, name->text, &One::name) != timers_.end());
        if (!is_known) unknown.push_back(entry.key);
    }
    for (const Value& key : unknown) {
        complain(fmt::format("the device has no timer {}", printable(script::to_source(key))));
        left.erase(key);
    }
}

void Alarms::arm(One& one, std::int64_t left_ns) {
    const std::uint64_t end = now_ + static_cast<std::uint64_t>(left_ns);
    one.end_ns = std::max(end, clock_.monotonic_ns() + kShortest);
    // A machine that waits for the next alarm of a device must not wait for one that no guest lives to see.
    if (left_ns < kFar)
        one.alarm->arm(*one.end_ns);
    else
        one.alarm->cancel();
}

void Alarms::cancel(One& one) {
    if (!one.end_ns) return;
    one.end_ns.reset();
    one.alarm->cancel();
}

void Alarms::forget() {
    for (One& one : timers_) {
        cancel(one);
        one.shown.reset();
    }
    now_ = clock_.monotonic_ns();
}

}  // namespace nyx::dev::scripted

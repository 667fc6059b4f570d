#include "devices/ir/queueing.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace nyx::dev::ir {

namespace {

constexpr std::size_t kMostElements = 64;        // of an array with gaps: each is a range of KVM's
constexpr std::size_t kMostBits = 4;             // of a condition, so that people can read it
constexpr std::uint64_t kMostWork = 20'000'000;  // for a program; those of the catalog need a hundredth
constexpr std::string_view kTerminal = "tx";

std::uint32_t end_of(const Register& reg) {
    return reg.offset + reg.stride * (reg.count - 1) + reg.width;
}

bool is_terminal(const Sink& sink) {
    return sink.bits == 8 && sink.name == kTerminal;
}

bool knows(std::span<const ModeBit> bits, std::uint32_t field, unsigned bit) {
    return std::ranges::any_of(bits, [&](const ModeBit& one) { return one.field == field && one.bit == bit; });
}

}  // namespace

std::optional<std::uint32_t> common(const Fields& a, const Fields& b) {
    for (std::uint32_t field : a)
        if (b.contains(field)) return field;
    return std::nullopt;
}

// Arrays of one stride may stand in each other's gaps; of others the whole extent counts.
bool overlap(const Register& a, const Register& b) {
    if (a.bank != b.bank || end_of(a) <= b.offset || end_of(b) <= a.offset) return false;
    if ((a.count == 1 && b.count == 1) || a.stride != b.stride) return true;
    const std::uint32_t first = a.offset % a.stride, second = b.offset % a.stride;
    const std::uint32_t ahead = (second + a.stride - first) % a.stride;  // of b's elements before a's
    return ahead < a.width || a.stride - ahead < b.width;
}

Queueing::Queueing(const Program& program, Decided decided) : program_(program), decided_(std::move(decided)) {
    for (const Line& line : program.lines) listen("the line " + line.name, {line.level});
    for (const Timer& timer : program.timers) listen("the timer " + timer.name, {timer.handler});
    for (const Source& source : program.sources) listen("input from " + source.name, {source.handler, source.accepts});
}

void Queueing::listen(std::string what, std::initializer_list<std::uint32_t> functions) {
    Listener& one = listeners_.emplace_back(Listener{std::move(what), {}});
    Effects& effects = in_any_mode_.emplace_back();
    for (std::uint32_t function : functions) {
        if (function == kNone) continue;
        one.code.push_back(&program_.functions[function]);
        effects |= effects_of(*one.code.back());
    }
}

Outcome Queueing::follow(const Function& function, Bits bits) const {
    work_ += function.code.size() * (function.temporaries + std::uint64_t{1});
    return outcome_while(function, bits);
}

std::vector<const Function*> Queueing::code_of_write(const Register& reg) const {
    std::vector<const Function*> code;
    for (std::uint32_t function : {reg.guard, reg.phase, reg.on_write})
        if (function != kNone) code.push_back(&program_.functions[function]);
    return code;
}

bool Queueing::is_there(const Register& reg, Bits bits) const {
    return reg.guard == kNone || !follow(program_.functions[reg.guard], bits).never;
}

Effects Queueing::effects_while(const Register& reg, Bits bits) const {
    if (bits.empty()) return effects_of_write(program_, reg);
    const bool is_meant =
        is_there(reg, bits) && (reg.phase == kNone || !follow(program_.functions[reg.phase], bits).never);
    if (!is_meant) return {};
    Effects effects;
    for (const Function* function : code_of_write(reg)) effects |= follow(*function, bits).effects;
    if (reg.storage != kNone && reg.write != WriteMasks{}) effects.writes.insert(reg.storage);
    return effects;
}

bool Queueing::sends(const Register& reg) const {
    const auto does = [&](const Register& other) {
        return other.writable && !effects_of_write(program_, other).sinks.empty();
    };
    return std::ranges::any_of(program_.registers, [&](const Register& other) {
        return (&other == &reg || overlap(reg, other)) && does(other);
    });
}

Queueing::Obstacle Queueing::obstacle_of(const Register& reg, Bits bits) const {
    const Effects effects = effects_while(reg, bits);
    Obstacle obstacle{forbidden_at_once(reg, effects), {}};
    if (obstacle.why.empty()) obstacle = forbidden_by_listeners(effects, bits);
    std::ranges::copy(code_of_write(reg), std::back_inserter(obstacle.code));
    return obstacle;
}

std::string Queueing::forbidden_at_once(const Register& reg, const Effects& effects) const {
    const bool takes_parts = reg.width > 1 && program_.banks[reg.bank].narrow == Narrow::kWiden;
    if (takes_parts && reg.computed != kNone) return "a write of a part of it computes the rest";
    if (reg.stride != reg.width && reg.count > kMostElements)
        return fmt::format("it would take more than {} ranges", kMostElements);
    if (std::string why = forbidden_sinks(reg, effects); !why.empty()) return why;
    if (effects.sets_timers || effects.reads_timers) return "a write uses a timer";
    if (effects.asks_machine) return "a write asks the machine";
    if (effects.asks_host) return "a write asks the host";
    if (reg.by_parts) return "it is told which part of it is written";
    if (auto field = common(effects.writes, decided_.page_reads))
        return fmt::format("a write changes {}, which is read without an exit", program_.state[*field].name);
    if (auto field = common(effects.writes, decided_.doorbell_reads))
        return fmt::format("a write changes {}, on which a doorbell depends", program_.state[*field].name);
    return {};
}

// A neighbour waits for what it is sent, a terminal does not. Doorbells are in no order with the queue, though.
std::string Queueing::forbidden_sinks(const Register& reg, const Effects& effects) const {
    for (std::uint32_t number : effects.sinks) {
        const Sink& sink = program_.sinks[number];
        if (is_terminal(sink) && !decided_.doorbell_sinks.contains(number)) continue;
        const std::string& why = decided_.no_doorbell[static_cast<std::size_t>(&reg - program_.registers.data())];
        return why.empty() ? fmt::format("a write goes to {}", sink.name) : "it is no doorbell: " + why;
    }
    return {};
}

// What a listener writes counts as well: the later of two writes stays.
Queueing::Obstacle Queueing::forbidden_by_listeners(const Effects& effects, Bits bits) const {
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
        Effects heard = bits.empty() ? in_any_mode_[i] : Effects{};
        if (!bits.empty())
            for (const Function* function : listeners_[i].code) heard |= follow(*function, bits).effects;
        heard.reads.insert(heard.writes.begin(), heard.writes.end());
        if (auto field = common(effects.writes, heard.reads))
            return {
                fmt::format("a write changes {}, on which {} depends", program_.state[*field].name, listeners_[i].what),
                listeners_[i].code};
    }
    return {};
}

// The ring does not tell apart what stands on the same bytes.
Queueing::Obstacle Queueing::first_obstacle(const Register& reg, Bits bits) const {
    Obstacle obstacle = obstacle_of(reg, bits);
    work_ += program_.registers.size();
    for (const Register& other : program_.registers) {
        if (!obstacle.why.empty()) break;
        if (&other == &reg || !other.writable || !overlap(reg, other)) continue;
        obstacle = obstacle_of(other, bits);
        if (!obstacle.why.empty()) obstacle.why = fmt::format("{}, on the same bytes: {}", other.name, obstacle.why);
    }
    return obstacle;
}

std::optional<std::vector<ModeBit>> Queueing::condition_of(const Register& reg, const Fields& modes) {
    std::vector<ModeBit> bits;
    for (;;) {
        const Obstacle obstacle = first_obstacle(reg, bits);
        if (obstacle.why.empty()) return bits;
        if (bits.size() == kMostBits) return std::nullopt;
        const std::optional<ModeBit> more = best_bit(reg, bits, obstacle, modes);
        if (!more) return std::nullopt;
        bits.push_back(*more);
    }
}

// One that takes the obstacle away and not the register; of several the one that leaves most of the code.
std::optional<ModeBit> Queueing::best_bit(const Register& reg, const std::vector<ModeBit>& bits,
                                          const Obstacle& obstacle, const Fields& modes) const {
    std::optional<ModeBit> best;
    std::size_t most = 0;
    for (const ModeBit& one : choices(obstacle, bits, modes)) {
        if (work_ > kMostWork) return std::nullopt;
        std::vector<ModeBit> trial = bits;
        trial.push_back(one);
        if (!is_there(reg, trial) || first_obstacle(reg, trial).why == obstacle.why) continue;
        std::size_t left = 0;
        for (const Function* function : obstacle.code) left += follow(*function, trial).reached;
        if (best && left <= most) continue;
        best = one;
        most = left;
    }
    return best;
}

// Every bit of each mode that the code still asks for.
std::vector<ModeBit> Queueing::choices(const Obstacle& obstacle, Bits bits, const Fields& modes) const {
    Fields asked;
    for (const Function* function : obstacle.code) asked.merge(follow(*function, bits).effects.reads);
    std::vector<ModeBit> all;
    for (std::uint32_t field : asked) {
        if (!modes.contains(field)) continue;
        for (std::uint8_t bit = 0; bit < program_.state[field].type.bits; ++bit)
            if (!knows(bits, field, bit)) all.insert(all.end(), {{field, bit, false}, {field, bit, true}});
    }
    return all;
}

}  // namespace nyx::dev::ir

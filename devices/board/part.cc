#include "devices/board/part.h"

#include <algorithm>

#include "devices/programs/programs.h"
#include "runtime/base/check.h"

namespace nyx::dev::board {

namespace {

// A part asks nothing of the machine and has no stream of bytes.
class Nobody final : public MachineControl, public ByteSink {
  public:
    void request_reset(std::string_view) override {}
    void request_power_off(std::string_view) override {}
    void request_exit(int) override {}
    void guest_panicked(bool) override {}
    void write(std::span<const std::uint8_t>) override {}
};

Nobody& nobody() {
    static Nobody one;
    return one;
}

template <class T>
std::uint32_t place_of(const std::vector<T>& all, std::string_view name) {
    const auto found = std::ranges::find(all, name, &T::name);
    NYX_CHECK(found != all.end(), "a part without '{}'", name);
    return static_cast<std::uint32_t>(found - all.begin());
}

}  // namespace

struct Part::Line final : IrqLine {
    void set(bool now) override {
        if (now == asserted) return;
        asserted = now;
        if (changed) changed(now);
    }
    bool asserted = false;
    std::function<void(bool)> changed;
};

Part::Part(std::string_view name, Clock& clock, Timers& timers, const Settings& settings) {
    const ir::Program* program = programs::find_part(name);
    NYX_CHECK(program != nullptr, "there is no part '{}'", name);
    program_ = std::make_unique<ir::Program>(*program);
    for (const auto& [setting, value] : settings)
        program_->settings[place_of(program_->settings, setting)].value = value;
    for (std::size_t i = 0; i < program_->lines.size(); ++i)
        line_pointers_.push_back(lines_.emplace_back(std::make_unique<Line>()).get());
    sinks_.resize(program_->sinks.size());
    auto made = described::Described::create(*program_, {line_pointers_, clock, timers, nobody(), nobody()}, this);
    NYX_CHECK(made, "part '{}'", name);
    device_ = std::move(*made);
}

Part::~Part() = default;

void Part::connect_sink(std::string_view name, std::function<void(std::uint64_t)> to) {
    sinks_[sink(name)] = std::move(to);
}

void Part::connect_line(std::string_view name, std::function<void(bool)> to) {
    lines_[place_of(program_->lines, name)]->changed = std::move(to);
}

std::uint32_t Part::source(std::string_view name) const {
    return place_of(program_->sources, name);
}

std::uint32_t Part::sink(std::string_view name) const {
    return place_of(program_->sinks, name);
}

std::uint32_t Part::derived(std::string_view name) const {
    return program_->derives[place_of(program_->derives, name)].value;
}

std::uint32_t Part::bank(std::string_view name) const {
    return place_of(program_->banks, name);
}

std::optional<std::uint64_t> Part::ask(std::uint32_t source, std::uint64_t value, std::uint32_t sink) {
    asked_ = sink;
    answer_.reset();
    bring(source, value);
    asked_ = ir::kNone;
    return answer_;
}

void Part::take(std::uint32_t sink, std::uint64_t value) {
    if (sink == asked_)
        answer_ = value;
    else if (sinks_[sink])
        sinks_[sink](value);
}

}  // namespace nyx::dev::board

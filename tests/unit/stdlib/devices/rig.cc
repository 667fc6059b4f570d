#include "rig.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace nyx::stdlib {

using dev::described::Described;

template <class T>
static std::uint32_t place_of(const std::vector<T>& all, std::string_view name) {
    const auto found = std::ranges::find(all, name, &T::name);
    REQUIRE_MESSAGE(found != all.end(), name);
    return static_cast<std::uint32_t>(found - all.begin());
}

Rig::Rig(const dev::ir::Program& program)
    : program_(program), lines_(program.lines.size()), sent_(program.sinks.size()) {
    for (dev::FakeIrqLine& line : lines_) line_pointers_.push_back(&line);
    device = fresh();
}

std::unique_ptr<Described> Rig::fresh() {
    auto made = Described::create(program_, {line_pointers_, clock, timers, control_, output_}, this);
    REQUIRE(made);
    return std::move(*made);
}

std::uint32_t Rig::bank(std::string_view name) const {
    return place_of(program_.banks, name);
}

std::uint64_t Rig::read(std::string_view where, std::uint64_t offset, std::uint8_t width) {
    return device->read({bank(where), offset, width});
}

void Rig::write(std::string_view where, std::uint64_t offset, std::uint64_t value, std::uint8_t width) {
    device->write({bank(where), offset, width}, value);
}

bool Rig::bring(std::string_view source, std::uint64_t value) {
    return device->signal(place_of(program_.sources, source), value);
}

std::deque<std::uint64_t>& Rig::sent(std::string_view sink) {
    return sent_[place_of(program_.sinks, sink)];
}

const dev::FakeIrqLine& Rig::line(std::string_view name) const {
    return lines_[place_of(program_.lines, name)];
}

std::vector<dev::StateField> Rig::saved() const {
    dev::StateWriter writer;
    device->save(writer);
    return writer.take();
}

void Rig::replace() {
    const std::vector<dev::StateField> fields = saved();
    std::unique_ptr<Described> next = fresh();
    dev::StateReader reader(fields);
    REQUIRE(next->restore(reader));
    device = std::move(next);
    REQUIRE(saved() == fields);
}

}  // namespace nyx::stdlib

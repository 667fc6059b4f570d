// A described device's state as it is saved, by the ids of its fields and timers.
#include "devices/described/device.h"
#include "devices/described/migrate.h"

namespace nyx::dev::described {

std::string Described::broken_invariant() const {
    for (std::uint32_t invariant : program_.invariants) {
        if (call(invariant) == 0) return program_.functions[invariant].name;
    }
    return {};
}

void Described::save(StateWriter& writer) const {
    for (std::uint32_t i = 0; i < program_.state.size(); ++i) writer.bytes(program_.state[i].id, state_.saved(i));
    timers_.save(writer);
}

Status Described::restore(StateReader& reader) {
    const bool is_older = reader.version() != 0 && reader.version() < program_.version;
    if (!is_older || program_.migrations.empty()) return take_over(reader);
    NYX_ASSIGN(const std::vector<dev::StateField> fields, migrated(program_, reader.version(), reader.fields()));
    StateReader own(fields);
    return take_over(own);
}

// A state of this version, or of one that lacks fields.
Status Described::take_over(StateReader& reader) {
    State before = state_;
    state_.reset();
    for (std::uint32_t i = 0; i < program_.state.size(); ++i) {
        const Bytes* bytes = reader.bytes(program_.state[i].id);
        if (bytes != nullptr && !state_.restore(i, *bytes))
            reader.refuse(program_.state[i].id, "is no value of its type");
    }
    const std::vector<TimerSet::Saved> timers = timers_.read(reader);
    Status good = reader.finish();
    if (std::string broken = good ? broken_invariant() : ""; !broken.empty())
        good = fail(ErrorCode::kCorrupt, "saved state of {}: it breaks the invariant {}", program_.name, broken);
    if (!good) {
        state_ = before;  // in its place, which compiled code knows
        return good;
    }
    timers_.start(timers);
    conclude();
    return {};
}

}  // namespace nyx::dev::described

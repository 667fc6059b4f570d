// What a function reads and changes, from its code.
#pragma once

#include <set>

#include "devices/ir/program.h"

namespace nyx::dev::ir {

struct Effects {
    std::set<std::uint32_t> reads, writes;  // fields of the state
    std::set<std::uint32_t> sinks;
    bool sets_timers = false;
    bool reads_timers = false;  // time
    bool asks_machine = false;
    bool asks_host = false;  // what it answers may be another thing each time, and change something there
    bool operator==(const Effects&) const = default;

    // Changes nothing, in the device or outside.
    bool is_pure() const { return writes.empty() && sinks.empty() && !sets_timers && !asks_machine && !asks_host; }
    Effects& operator|=(const Effects& more);
};

// Adds what one instruction does.
void note_effects(Effects& effects, const Instruction& one);
Effects effects_of(const Function& function);
// Of a read or write of one register: its handlers, its storage, the phase and guard that decide.
Effects effects_of_read(const Program& program, const Register& reg);
Effects effects_of_write(const Program& program, const Register& reg);

}  // namespace nyx::dev::ir

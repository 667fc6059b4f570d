// Whether a write may be done later, and what has to hold of the state for that (docs/devices.md, section 2).
//
// A write may wait where nothing outside the device's registers depends on what it changes, or where that is so as long
// as some bits of the state stand as they do. Both are found by following the code. The program has been verified and
// outlives this.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "devices/ir/known_bits.h"

namespace nyx::dev::ir {

using Fields = std::set<std::uint32_t>;

// The first of both; nothing: they have none in common.
std::optional<std::uint32_t> common(const Fields& a, const Fields& b);
// Whether some of their bytes are the same.
bool overlap(const Register& a, const Register& b);

class Queueing {
  public:
    // What has been decided of the program before.
    struct Decided {
        Fields page_reads;      // fields that are read without an exit
        Fields doorbell_reads;  // fields on which a doorbell depends
        std::set<std::uint32_t> doorbell_sinks;
        std::vector<std::string> no_doorbell;  // by register: why it is none
    };
    Queueing(const Program& program, Decided decided);

    // What forbids that writes to this register wait; empty: nothing. Of others on its bytes nothing is said.
    std::string forbids(const Register& reg) const { return obstacle_of(reg, {}).why; }
    // Writes to it send bytes to the host's terminal, and do it in any mode.
    bool sends(const Register& reg) const;
    // Bits under which all that is written on the register's bytes may wait, and the register is there. modes: fields
    // that only writes which exit change. Nothing: none were found, of which `forbids` is the reason.
    std::optional<std::vector<ModeBit>> condition_of(const Register& reg, const Fields& modes);

    // What forbids that all that is written on the register's bytes waits.
    struct Obstacle {
        std::string why;                    // empty: nothing
        std::vector<const Function*> code;  // that brings it about: of who listens, and of the write
    };

  private:
    // What happens without the guest, or outside: a line, a timer, a source.
    struct Listener {
        std::string what;
        std::vector<const Function*> code;
    };
    using Bits = std::span<const ModeBit>;

    void listen(std::string what, std::initializer_list<std::uint32_t> functions);
    std::vector<const Function*> code_of_write(const Register& reg) const;
    bool is_there(const Register& reg, Bits bits) const;
    Effects effects_while(const Register& reg, Bits bits) const;
    Obstacle obstacle_of(const Register& reg, Bits bits) const;
    std::string forbidden_at_once(const Register& reg, const Effects& effects) const;
    std::string forbidden_sinks(const Register& reg, const Effects& effects) const;
    Obstacle forbidden_by_listeners(const Effects& effects, Bits bits) const;
    Obstacle first_obstacle(const Register& reg, Bits bits) const;
    std::optional<ModeBit> best_bit(const Register& reg, const std::vector<ModeBit>& bits, const Obstacle& obstacle,
                                    const Fields& modes) const;
    std::vector<ModeBit> choices(const Obstacle& obstacle, Bits bits, const Fields& modes) const;
    Outcome follow(const Function& function, Bits bits) const;

    const Program& program_;
    const Decided decided_;
    std::vector<Listener> listeners_;
    std::vector<Effects> in_any_mode_;  // of the listeners: what they read and write
    mutable std::uint64_t work_ = 0;    // instructions followed, in words
};

}  // namespace nyx::dev::ir

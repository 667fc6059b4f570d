// Results besides flags that the manual leaves undefined, or to the processor, in a code of one or more instructions.
//
// The software CPU does as AMD's processors do, so there everything is compared; on other hosts states are kept to what
// is defined where that can be done, and codes are left out where it cannot.
#pragma once

#include <Zydis/Zydis.h>

#include <optional>
#include <span>
#include <vector>

#include "host_runner.h"

namespace nyx::soft {

bool host_is_amd();

class UndefinedResults {
  public:
    // The instructions of a code of `bits`.
    UndefinedResults(std::span<const ZydisDecodedInstruction> code, unsigned bits);

    // Why this code is not compared at all; null: it is.
    const char* why_left_out() const { return why_left_out_; }
    // Changes a state that the code begins with to one whose result is defined.
    void define(UserState& state) const;
    // Both fault, of an instruction with two values in memory: which of them is looked at first.
    bool may_differ(const Outcome& on_host, const Outcome& on_soft) const;
    // Those that are not compared, wherever the code ends, and where it ends by a fault.
    std::uint64_t flags() const { return flags_; }
    std::uint64_t flags_at_fault() const { return flags_at_fault_; }

  private:
    void look_at(const ZydisDecodedInstruction& one, bool is_first, unsigned bits);
    void look_at_double_shift(const ZydisDecodedInstruction& one, bool is_first);
    void look_at_string(const ZydisDecodedInstruction& one, bool is_first, unsigned bits);

    const char* why_left_out_ = nullptr;
    std::uint64_t flags_ = 0, flags_at_fault_ = 0;
    std::uint64_t undefined_ = 0;  // at this place of the code
    bool looks_at_two_ = false;
    bool limits_count_ = false;    // CL, to the 16 bits that are shifted
    bool limits_repeats_ = false;  // RCX, to the 32 bits that count
};

}  // namespace nyx::soft

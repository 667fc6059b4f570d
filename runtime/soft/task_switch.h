// Tasks in hardware, outside of long mode (Intel SDM volume 3, §7.2 to §7.6).
#pragma once

#include <cstdint>
#include <optional>

#include "runtime/soft/cpu.h"

namespace nyx::soft {

struct TaskSwitch {
    enum class Reason : std::uint8_t { kJump, kCall, kInterrupt, kReturn };
    Reason reason = Reason::kJump;
    std::uint16_t selector = 0;    // of the new TSS
    std::uint64_t return_rip = 0;  // where the old task goes on
    std::uint32_t ext = 0;
    std::optional<std::uint32_t> error_code;  // goes to the new task's stack
};

// Privilege has been checked. False: raised; when the exception is `at_new_rip`, the new task is the one that runs.
bool switch_task(Cpu& cpu, const TaskSwitch& change);

}  // namespace nyx::soft

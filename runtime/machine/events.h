// What happens to a machine as a whole, told before it is answered, and what its owner wants done about it.
#pragma once

#include <cstdint>
#include <string>

namespace nyx::vm {

struct Event {
    enum class Kind { kReset, kShutdown, kExit, kPanic, kTripleFault };
    Kind kind = Kind::kReset;
    std::uint64_t time_ns = 0;  // on the machine's clock
    std::string reason = {};    // kReset, kShutdown
    int status = 0;             // kExit
    bool crash_loaded = false;  // kPanic: its crash kernel takes over
    std::uint32_t cpu = 0;      // kTripleFault; so are these
    std::uint64_t rip = 0;
    std::uint64_t address = 0;  // CR2
    bool by_host = false;       // the host has decided: any Recovery but kNone comes to nothing
};

enum class Recovery : std::uint8_t {
    kNone,      // what happens without a listener
    kIgnore,    // the guest goes on as if it had not asked
    kPause,     // the machine stands still, and at resume() it goes as with kNone
    kReset,     // as if the guest had asked for a reset
    kShutdown,  // the run ends
};

// Called on the controller's thread while no vCPU runs.
class EventListener {
  public:
    virtual ~EventListener() = default;
    virtual Recovery happened(const Event& event) = 0;
};

}  // namespace nyx::vm

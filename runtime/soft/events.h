// What takes a CPU out of its way from one instruction to the next.
#pragma once

#include <cstdint>
#include <optional>

namespace nyx::soft {

// SDM volume 3, §6.3.1.
enum Vector : std::uint8_t {
    kDivideError = 0,
    kDebug = 1,
    kNmi = 2,
    kBreakpoint = 3,
    kOverflow = 4,
    kBoundRange = 5,
    kInvalidOpcode = 6,
    kDeviceNotAvailable = 7,
    kDoubleFault = 8,
    kInvalidTss = 10,
    kSegmentNotPresent = 11,
    kStackFault = 12,
    kGeneralProtection = 13,
    kPageFault = 14,
    kX87Error = 16,
    kAlignmentCheck = 17,
    kSimdError = 19,
};

struct Exception {
    std::uint8_t vector = 0;
    bool has_error_code = false;
    std::uint32_t error_code = 0;
    std::uint64_t address = 0;  // for CR2, of a page fault
    bool is_trap = false;       // the instruction is done: the return address is the next one's
    bool is_software = false;   // INT n, INT3, INTO: the gate's privilege is checked
    bool at_new_rip = false;    // a task switch got as far as the new task: `rip` is where it happened
    bool by_address = false;    // #GP of an address that is not canonical: #SS when it is the stack's
};

// What goes to a handler of the guest's.
struct Event {
    enum class Source : std::uint8_t { kFault, kTrap, kSoftware, kExternal };
    std::uint8_t vector = 0;
    Source source = Source::kFault;
    std::optional<std::uint32_t> error_code;
    std::uint64_t return_rip = 0;
};

// Why a block ended before its last instruction was done.
enum class Stop : std::uint8_t {
    kNone,
    kException,  // Cpu::exception
    kAlone,      // the instruction must run as a block of its own: it writes to code, touches a device or a breakpoint
    kAgain,      // the instruction is to be started again after a look at what wants attention (REP)
};

enum class Activity : std::uint8_t { kRunning, kHalted, kWaitForSipi, kShutdown };

enum class Touch : std::uint8_t { kRead, kWrite, kExecute };

// Reasons to look up between two blocks, instead of going straight from one to the other.
enum Attention : std::uint32_t {
    kWantInterrupt = 1 << 0,  // INTR: the surroundings have one
    kWantNmi = 1 << 1,
    kWantInit = 1 << 2,
    kWantSipi = 1 << 3,      // the vector is in Cpu::sipi_vector
    kWantReturn = 1 << 4,    // run() is to come back to its caller
    kWantCodeLook = 1 << 5,  // set by PhysicalMemory: there is code where there was none, or code was written to
    kWantBus = 1 << 6,       // set by MemoryBus: another CPU wants it alone
};

}  // namespace nyx::soft

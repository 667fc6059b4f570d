// How a run ended, and what its processors looked like then.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/bytes.h"
#include "runtime/hv/registers.h"

namespace nyx::vm {

// One vCPU, standing still.
struct CpuSnapshot {
    std::uint32_t index = 0;
    hv::Activity activity = hv::Activity::kRunnable;
    hv::CpuState state;
    Bytes code;               // at RIP, as far as it is mapped
    std::string disassembly;  // of the first instruction; empty where there is none
};

struct Outcome {
    enum class Kind {
        kPoweredOff,  // the guest switched itself off
        kExited,      // the guest gave a status to its exit device
        kReset,       // the guest asked for a reset, and the options say to stop then
        kStopped,     // the host ended the run
        kTimedOut,    // the time limit was reached
        kHalted,      // every vCPU waits for an interrupt that it has masked
        kPanicked,    // the guest reported its own crash
        kTripleFault,
        kEmulationFailure,  // KVM could not execute an instruction
        kUnexpectedExit,    // KVM gave up for another reason
        kHostError,         // an ioctl failed
    };

    Kind kind = Kind::kStopped;
    int exit_status = 0;  // kExited
    std::string reason;   // one line
    std::vector<std::string> advice;
    std::vector<CpuSnapshot> cpus;  // of a run that failed; the vCPU that failed comes first
};

// "powered-off", "triple-fault" …: stable, for JSON.
const char* outcome_name(Outcome::Kind kind);
// The process's exit status: 0 done, the guest's own, 3 the host failed, 4 the guest failed.
int exit_status(const Outcome& outcome);
// For people: the reason, advice, registers and code, in lines that end with '\n'.
std::string outcome_report(const Outcome& outcome);
// Its registers and code.
std::string cpu_report(const CpuSnapshot& cpu);

}  // namespace nyx::vm

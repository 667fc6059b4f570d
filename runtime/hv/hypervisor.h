// A hypervisor as the machine needs it: what runs guest code, whatever that is. Two stand behind this: KVM
// (runtime/kvm) and a CPU in software (runtime/soft). docs/hypervisors.md maps the calls of a further one.
//
// A Hypervisor is immutable, so any thread may use it. A Vm is set up by one thread; set_irq() may then come from any.
// A Vcpu's run() and everything that touches registers belong to one thread at a time: that of the vCPU while it runs,
// any other while it is parked; interrupt() may come from any thread at any time.
// Memory that is mapped outlives the Vm; a Vm outlives its Vcpus; services outlive the Vm.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "devices/kit/timer_queue.h"
#include "runtime/base/bits.h"
#include "runtime/base/result.h"
#include "runtime/hv/counted.h"
#include "runtime/hv/cpuid.h"
#include "runtime/hv/exit.h"
#include "runtime/hv/exit_free.h"
#include "runtime/hv/registers.h"

namespace nyx::hv {

// By the hypervisor's own names: "exits", "insn_emulation".
using Counters = std::map<std::string, std::uint64_t, std::less<>>;

// What a vCPU does with an exit while it runs.
class ExitServer {
  public:
    virtual ~ExitServer() = default;
    // True: served, the guest goes on. False: run() returns it. Called on the vCPU's thread.
    virtual bool serve(Exit& exit) = 0;
};

class Vcpu {
  public:
    virtual ~Vcpu() = default;

    // Until an exit that `server` does not serve, or until interrupt(), which gives InterruptedExit; the instruction of
    // every exit that was served is finished then.
    virtual Result<Exit> run(ExitServer& server) = 0;
    // The run() that goes on, or else the next one, comes back with InterruptedExit until allow_run() is called. The
    // thread inside run() must also be sent a signal that has a handler.
    virtual void interrupt() = 0;
    virtual void allow_run() = 0;

    virtual Result<CpuState> state() const = 0;
    virtual Status set_state(const CpuState& state) = 0;
    // As the guest sees it.
    virtual Result<std::vector<CpuidEntry>> cpuid() const = 0;
    // kUnsupported names the first MSR that is refused; those before it are set.
    virtual Status set_msrs(std::span<const Msr> msrs) = 0;
    virtual Result<Activity> activity() const = 0;
    // Guest-physical address of a linear one by the vCPU's page tables; kNotFound where nothing is mapped.
    virtual Result<std::uint64_t> translate(std::uint64_t linear) const = 0;
    // Both without disturbing a running vCPU. Nothing: unknown.
    virtual Counters counters() const = 0;
    virtual std::optional<bool> is_waiting() const = 0;  // for an interrupt, an IPI or its start

    // Null: this hypervisor does not count instructions.
    virtual CountedVcpu* counted() { return nullptr; }
};

class Vm {
  public:
    virtual ~Vm() = default;

    // `range` is page-aligned, and `host` has range.size bytes. read_only: writes come out as Mmio exits.
    virtual Status map_memory(Range range, std::uint8_t* host, bool read_only) = 0;
    // In the processor's reset state. cpuid: with this vCPU's own topology.
    virtual Result<std::unique_ptr<Vcpu>> create_vcpu(std::uint32_t index, std::span<const CpuidEntry> cpuid) = 0;
    // Somebody else than its processors wrote to memory. From any thread.
    virtual void wrote(Range /*range*/) {}
    // Level of an input of the interrupt controllers.
    virtual Status set_irq(std::uint32_t gsi, bool asserted) = 0;
    // The 8254's output drives GSI 0, as from the beginning; or set_irq() does in its place. Nothing where there is
    // none.
    virtual Status connect_timer(bool /*connected*/) { return {}; }
    // After the first vCPU was made. Null: every access is an exit, or costs no more than one would save.
    virtual ExitFree* exit_free() { return nullptr; }
    // A message-signalled interrupt (Intel SDM volume 3 §12.11). From any thread.
    virtual Status send_message(std::uint64_t address, std::uint32_t data) = 0;
    // The interrupt controllers and the timer, a unit a chip; after the vCPUs and at the same time of the machine's
    // clock. kUnsupported: not with this hypervisor.
    virtual Result<std::vector<dev::StateUnit>> save_chips() const;
    virtual Status restore_chips(std::span<const dev::StateUnit> units);
};

// What every VM has: two 8259s, an I/O APIC, a local APIC for each vCPU, wired as in a PC.
struct VmShape {
    std::uint32_t vcpus = 1;
    std::uint64_t scratch = 0;  // four pages below 4 GiB that neither RAM nor devices use
    bool has_pit = false;       // 8254, and a speaker port that answers
};

// Time for interrupt controllers that run in this process, and what RDRAND and RDSEED give there.
struct VmServices {
    dev::Clock& clock;
    dev::TimerQueue& timers;
    std::function<std::uint64_t()> random = {};  // empty: the host's
};

class Hypervisor {
  public:
    virtual ~Hypervisor() = default;

    // "kvm", "soft".
    virtual std::string_view name() const = 0;
    // Under which a plan lists quirks: "hardware", "nested", "kvm_pvm", "soft".
    virtual std::string_view kind() const = 0;
    virtual std::uint32_t max_vcpus() const = 0;
    virtual Result<std::vector<CpuidEntry>> supported_cpuid() const = 0;
    virtual Result<std::unique_ptr<Vm>> create_vm(const VmShape& shape, const VmServices& services) const = 0;
};

}  // namespace nyx::hv

// A VM of KVM: memory slots, interrupt controllers and timer in the kernel, vCPUs. Errors say what to do (ioctl.cc).
#pragma once

#include <cstdint>

#include "runtime/base/bits.h"
#include "runtime/base/file.h"
#include "runtime/base/result.h"
#include "runtime/kvm/exit_free.h"
#include "runtime/kvm/system.h"
#include "runtime/kvm/vcpu.h"

namespace nyx::kvm {

class Vm final : public hv::Vm {
  public:
    // kKernel: the interrupt controllers and the timer come with the first vCPU, after the memory.
    enum class Chips { kKernel, kNone };
    static Result<std::unique_ptr<Vm>> create(const System& system, const hv::VmShape& shape,
                                              Chips chips = Chips::kKernel);

    Status map_memory(Range range, std::uint8_t* host, bool read_only) override;
    Result<std::unique_ptr<hv::Vcpu>> create_vcpu(std::uint32_t index, std::span<const CpuidEntry> cpuid) override;
    Status set_irq(std::uint32_t gsi, bool asserted) override;
    Status connect_timer(bool connected) override;
    hv::ExitFree* exit_free() override { return exit_free_.get(); }
    Status send_message(std::uint64_t address, std::uint32_t data) override;
    Result<std::unique_ptr<Vcpu>> add_vcpu(std::uint32_t index, std::span<const CpuidEntry> cpuid);
    // An access to an MSR that KVM would refuse is an exit: without its local APIC, x2APIC's are among them.
    Status exit_for_refused_msrs();

  private:
    Status set_scratch(const System& system, std::uint64_t scratch);
    Status create_chips();
    Status route_pc_lines();

    const System* system_ = nullptr;
    Fd fd_;
    std::unique_ptr<ExitFree> exit_free_;  // null: not before the first vCPU, or this KVM has no such thing
    std::size_t vcpu_page_size_ = 0;
    std::uint32_t next_slot_ = 0;
    bool wants_pit_ = false;
    bool has_chips_ = false;  // or is to have none
};

// Names of the features that this KVM shows its guests whatever a machine hides: set on a vCPU without any feature, and
// read back. Empty where masking works.
Result<std::vector<std::string>> unhidable_features(const System& system);

}  // namespace nyx::kvm

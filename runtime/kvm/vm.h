// One virtual machine as KVM knows it: memory slots, interrupt controllers, timer, vCPUs.
//
// Set up by one thread; set_irq() may then come from any. Owns no memory: what is mapped must outlive the Vm.
#pragma once

#include <cstdint>

#include "runtime/base/bits.h"
#include "runtime/base/file.h"
#include "runtime/base/result.h"
#include "runtime/kvm/system.h"
#include "runtime/kvm/vcpu.h"

namespace nyx::kvm {

class Vm {
  public:
    static Result<Vm> create(const System& system);

    // Before the first vCPU. scratch: four pages below 4 GiB that neither RAM nor devices use; older Intel CPUs need
    // them for real mode.
    Status set_scratch(std::uint64_t scratch);
    // PIC, I/O APIC, wired as in a PC, and a local APIC for each vCPU made from now on.
    Status create_irqchip();
    // 8254 with a speaker port that answers.
    Status create_pit();
    // `range` is page-aligned, and `host` has range.size bytes. read_only: writes come out as Mmio exits.
    Status map_memory(Range range, std::uint8_t* host, bool read_only);
    Result<Vcpu> create_vcpu(std::uint32_t index);

    // Level of an input of the PIC and I/O APIC.
    Status set_irq(std::uint32_t gsi, bool asserted) const;

  private:
    Status route_pc_lines();

    Fd fd_;
    std::size_t vcpu_page_size_ = 0;
    std::uint32_t next_slot_ = 0;
    bool has_identity_map_ = false;
    bool has_tss_ = false;
};

// Names of the features that this KVM shows its guests whatever a machine hides: set on a vCPU without any feature, and
// read back. Empty where masking works.
Result<std::vector<std::string>> unhidable_features(const System& system);

}  // namespace nyx::kvm

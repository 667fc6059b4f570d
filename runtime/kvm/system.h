// /dev/kvm itself: what this host's KVM offers.
//
// Immutable after open(), so any thread may use it. Errors say what to do about them (ioctl.cc).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "devices/irqchip/irq_chip.h"
#include "runtime/base/file.h"
#include "runtime/base/result.h"
#include "runtime/hv/hypervisor.h"

namespace nyx::kvm {

using hv::CpuidEntry;

enum class Need { kNeeded, kUseful };

struct Capability {
    std::string_view key;
    Need need = Need::kUseful;
    std::string_view purpose;
    int number = 0;  // KVM_CAP_*
};

// capabilities.def, in its order.
std::span<const Capability> capabilities();

// kHardware: VMX or SVM on the metal. kNested: the same, given by a hypervisor below. kPvm: the kvm_pvm module, which
// has neither and emulates all code at privilege level 0.
enum class HostKind { kHardware, kNested, kPvm };
// "hardware", "nested", "kvm_pvm": the names under which a plan lists quirks.
const char* host_kind_name(HostKind kind);
// CPUID says that this host is itself a virtual machine.
bool under_hypervisor();
// From /sys/module. root: "" or, in tests, a folder that stands for /.
HostKind detect_host_kind(bool hypervisor, const std::string& root = "");

class System final : public hv::Hypervisor {
  public:
    static Result<System> open(const std::string& path = "/dev/kvm");

    std::string_view name() const override { return "kvm"; }
    std::string_view kind() const override { return host_kind_name(host_kind_); }
    std::uint32_t max_vcpus() const override;
    Result<std::vector<CpuidEntry>> supported_cpuid() const override;
    Result<std::unique_ptr<hv::Vm>> create_vm(const hv::VmShape& shape, const hv::VmServices& services) const override;

    // From here on VMs have the interrupt controllers and timer of this process instead of the kernel's, and
    // supported_cpuid() is without what only the kernel's have.
    void use_user_irqchip(dev::irqchip::MakeIrqChip make) { make_irq_chip_ = std::move(make); }

    // 0: absent; a number otherwise, often 1.
    int capability(int number) const;
    int capability(std::string_view key) const;
    // What KVM does not know of MSRs can be asked of this process, so that a local APIC here has its x2APIC mode.
    bool asks_for_msrs() const;
    HostKind host_kind() const { return host_kind_; }
    std::size_t vcpu_page_size() const { return vcpu_page_size_; }
    int fd() const { return fd_.get(); }

  private:
    Fd fd_;
    HostKind host_kind_ = HostKind::kHardware;
    std::size_t vcpu_page_size_ = 0;
    dev::irqchip::MakeIrqChip make_irq_chip_;  // none: the kernel's
};

}  // namespace nyx::kvm

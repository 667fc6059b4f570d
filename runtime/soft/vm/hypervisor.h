// The software CPU as a hypervisor: the same machine, without KVM.
#pragma once

#include "runtime/hv/hypervisor.h"

namespace nyx::soft {

class Hypervisor final : public hv::Hypervisor {
  public:
    std::string_view name() const override { return "soft"; }
    std::string_view kind() const override { return "soft"; }
    std::uint32_t max_vcpus() const override { return 64; }
    // What the CPU implements, less what needs instructions that the host's processor lacks.
    Result<std::vector<hv::CpuidEntry>> supported_cpuid() const override;
    Result<std::unique_ptr<hv::Vm>> create_vm(const hv::VmShape& shape, const hv::VmServices& services) const override;
};

}  // namespace nyx::soft

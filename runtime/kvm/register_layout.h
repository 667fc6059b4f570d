// Between our registers and the kernel's structs.
//
// Private to runtime/kvm.
#pragma once

#include "runtime/kvm/linux_kvm.h"

#include "runtime/hv/registers.h"

namespace nyx::kvm {

using namespace hv;  // this folder speaks in the terms of runtime/hv

GeneralRegisters from_kernel(const kvm_regs& regs);
SystemRegisters from_kernel(const kvm_sregs& sregs);
kvm_regs to_kernel(const GeneralRegisters& general);
// Leaves apic_base and interrupt_bitmap as they are.
void to_kernel(const SystemRegisters& system, kvm_sregs& sregs);

}  // namespace nyx::kvm

// From the kernel's kvm_run page to an Exit.
#pragma once

#include <cstddef>

#include "runtime/hv/exit.h"

struct kvm_run;

namespace nyx::kvm {

using namespace hv;  // this folder speaks in the terms of runtime/hv

// page_size: what KVM_GET_VCPU_MMAP_SIZE said; `run` is the start of that mapping. The kernel's reason is believed, but
// not its sizes: what does not fit the page becomes Unknown.
Exit parse_exit(kvm_run& run, std::size_t page_size);

}  // namespace nyx::kvm

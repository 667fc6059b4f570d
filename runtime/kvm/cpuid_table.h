// struct kvm_cpuid2 with room for its entries.
//
// Private to runtime/kvm.
#pragma once

#include "runtime/kvm/linux_kvm.h"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "runtime/hv/cpuid.h"

namespace nyx::kvm {

using hv::CpuidEntry;

class CpuidTable {
  public:
    explicit CpuidTable(std::size_t capacity);
    explicit CpuidTable(std::span<const CpuidEntry> entries);

    kvm_cpuid2* get() { return reinterpret_cast<kvm_cpuid2*>(words_.get()); }
    // The first nent entries, but never more than there is room for.
    std::vector<CpuidEntry> entries() const;

  private:
    std::size_t capacity_;
    std::unique_ptr<std::uint64_t[]> words_;
};

}  // namespace nyx::kvm

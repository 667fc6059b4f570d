// Anonymous memory for a guest, with an unmapped page on either side so that an overrun of ours faults at once.
//
// Pages appear when first touched; swap space is not reserved. Movable; unmapped by the destructor, before which no VM
// may hold it as a slot. The bytes belong to the guest, whose CPUs may change them at any moment.
#pragma once

#include <cstdint>

#include "runtime/base/result.h"

namespace nyx::hv {

class GuestRam {
  public:
    // size: a multiple of 4 KiB, not 0. huge_pages asks for transparent huge pages.
    static Result<GuestRam> create(std::uint64_t size, bool huge_pages);
    GuestRam() = default;
    GuestRam(GuestRam&& other) noexcept;
    GuestRam& operator=(GuestRam&& other) noexcept;
    ~GuestRam();

    // Aligned to 2 MiB.
    std::uint8_t* data() const { return data_; }
    std::uint64_t size() const { return size_; }
    // Gives every page back to the host; they read as zero again.
    Status clear() const;

  private:
    std::uint8_t* data_ = nullptr;
    std::uint64_t size_ = 0;
};

}  // namespace nyx::hv

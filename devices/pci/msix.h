// The MSI-X table of a function and its pending bits (PCI 3.0 §6.8.2).
//
// Belongs to the function.
#pragma once

#include <cstdint>
#include <vector>

#include "devices/kit/services.h"
#include "devices/kit/state.h"
#include "devices/pci/spec.h"
#include "runtime/base/bytes.h"

namespace nyx::dev::pci {

class Msix {
  public:
    // sink outlives this; null drops messages.
    Msix(std::uint16_t vectors, MessageSink* sink);

    std::uint16_t vectors() const { return vectors_; }
    // Message control, after the guest wrote it.
    void set_control(std::uint16_t control);
    bool enabled() const { return (control_ & kMsixEnable) != 0; }
    // Sends it, or keeps it pending while it is masked. A vector that is not there is nothing.
    void signal(std::uint16_t vector);

    // Bytes of the table and of the pending bits; what is outside reads 0 and takes nothing.
    std::uint64_t read_table(std::uint64_t offset, unsigned width) const;
    void write_table(std::uint64_t offset, unsigned width, std::uint64_t value);
    std::uint64_t read_pending(std::uint64_t offset, unsigned width) const;

    void reset();
    Bytes table() const { return table_; }
    std::uint64_t pending() const { return pending_; }
    // False: not of this size.
    bool restore(ByteView table, std::uint64_t pending);

  private:
    bool masked(std::uint16_t vector) const;
    void send_pending();

    std::uint16_t vectors_;
    MessageSink* sink_;
    std::uint16_t control_ = 0;
    Bytes table_;  // as the guest sees it
    std::uint64_t pending_ = 0;
};

}  // namespace nyx::dev::pci

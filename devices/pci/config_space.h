// The configuration space of one function (PCI 3.0 chapter 6): bytes, which of their bits may be written, a memory BAR
// and the list of capabilities.
//
// Set up when the function is made; afterwards only write() changes it, and reset() takes that back. Belongs to the
// function.
#pragma once

#include <array>
#include <cstdint>

#include "devices/pci/spec.h"
#include "runtime/base/bytes.h"

namespace nyx::dev::pci {

struct Identity {
    std::uint16_t vendor = 0;
    std::uint16_t device = 0;
    std::uint8_t revision = 0;
    std::uint32_t class_code = 0;  // base class, sub-class, interface
    std::uint16_t subsystem_vendor = 0;
    std::uint16_t subsystem = 0;
};

class ConfigSpace {
  public:
    using Bytes256 = std::array<std::uint8_t, kConfigSize>;

    explicit ConfigSpace(const Identity& identity);
    // BAR 0: `size` bytes (a power of two) of 32-bit memory, at `base`, which is where it is decoded. A guest may ask
    // for its size and put the base back; anywhere else nothing answers.
    void add_memory(std::uint32_t base, std::uint32_t size);
    // Pin INTA#, on input `line` of the interrupt controllers.
    void add_interrupt(std::uint8_t line);
    // body: behind id and next pointer. writable: bits of it. Where it begins.
    std::uint8_t add_capability(std::uint8_t id, ByteView body, ByteView writable);
    // What it is now, it is after every reset().
    void seal() { initial_ = bytes_; }

    // offset + width may leave the space: what is outside reads 0 and takes nothing.
    std::uint32_t read(std::uint32_t offset, unsigned width) const;
    void write(std::uint32_t offset, unsigned width, std::uint32_t value);
    void reset() { bytes_ = initial_; }

    std::uint16_t command() const { return load_le<std::uint16_t>(&bytes_[kCommand]); }
    std::uint16_t word(std::uint32_t offset) const { return load_le<std::uint16_t>(&bytes_.at(offset)); }
    // BAR 0 is at its base, and memory is switched on.
    bool decodes_memory() const;

    const Bytes256& bytes() const { return bytes_; }
    // Bits that cannot be written keep their values.
    void restore(const Bytes256& bytes);

  private:
    Bytes256 bytes_{};
    Bytes256 writable_{};
    Bytes256 initial_{};
    std::uint32_t memory_base_ = 0;
    std::uint8_t last_capability_ = 0;
    std::uint32_t free_ = kHeaderEnd;
};

}  // namespace nyx::dev::pci

#include "devices/pci/config_space.h"

#include <algorithm>

#include "runtime/base/bits.h"
#include "runtime/base/check.h"

namespace nyx::dev::pci {

ConfigSpace::ConfigSpace(const Identity& identity) {
    store_le<std::uint16_t>(&bytes_[kVendorId], identity.vendor);
    store_le<std::uint16_t>(&bytes_[kDeviceId], identity.device);
    bytes_[kRevision] = identity.revision;
    for (std::uint32_t i = 0; i < 3; ++i)
        bytes_[kClassCode + i] = static_cast<std::uint8_t>(identity.class_code >> (8 * i));
    store_le<std::uint16_t>(&bytes_[kSubsystemVendorId], identity.subsystem_vendor);
    store_le<std::uint16_t>(&bytes_[kSubsystemId], identity.subsystem);
    writable_[kInterruptLine] = 0xFF;
}

void ConfigSpace::add_memory(std::uint32_t base, std::uint32_t size) {
    NYX_CHECK(base % size == 0, "BAR at {:#x}", base);
    memory_base_ = base;
    store_le<std::uint32_t>(&bytes_[kBar0], base);
    // As firmware leaves it.
    store_le<std::uint16_t>(&bytes_[kCommand], kCommandMemory);
    store_le<std::uint32_t>(&writable_[kBar0], ~(size - 1));
    store_le<std::uint16_t>(&writable_[kCommand], kCommandMemory | kCommandBusMaster | kCommandInterruptDisable);
}

void ConfigSpace::add_interrupt(std::uint8_t line) {
    bytes_[kInterruptLine] = line;
    bytes_[kInterruptPin] = 1;
}

std::uint8_t ConfigSpace::add_capability(std::uint8_t id, ByteView body, ByteView writable) {
    const auto at = static_cast<std::uint8_t>(free_);
    free_ = static_cast<std::uint32_t>(align_up(free_ + 2 + body.size(), 4));
    NYX_CHECK(free_ <= kConfigSize && writable.size() <= body.size(), "capability {}", id);
    bytes_[at] = id;
    std::ranges::copy(body, &bytes_[at + 2u]);
    std::ranges::copy(writable, &writable_[at + 2u]);
    bytes_[last_capability_ == 0 ? kCapabilities : last_capability_ + 1u] = at;
    bytes_[kStatus] |= static_cast<std::uint8_t>(kStatusCapabilities);
    last_capability_ = at;
    return at;
}

std::uint32_t ConfigSpace::read(std::uint32_t offset, unsigned width) const {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < width; ++i)
        if (offset + i < kConfigSize) value |= std::uint32_t{bytes_[offset + i]} << (8 * i);
    return value;
}

void ConfigSpace::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
    for (unsigned i = 0; i < width && offset + i < kConfigSize; ++i) {
        const std::uint8_t mask = writable_[offset + i];
        std::uint8_t& byte = bytes_[offset + i];
        byte = static_cast<std::uint8_t>((byte & ~mask) | (value >> (8 * i) & mask));
    }
}

bool ConfigSpace::decodes_memory() const {
    return (command() & kCommandMemory) != 0 && load_le<std::uint32_t>(&bytes_[kBar0]) == memory_base_;
}

void ConfigSpace::restore(const Bytes256& bytes) {
    for (std::uint32_t i = 0; i < kConfigSize; ++i)
        bytes_[i] = static_cast<std::uint8_t>((bytes_[i] & ~writable_[i]) | (bytes[i] & writable_[i]));
}

}  // namespace nyx::dev::pci

// Base of a device whose registers are one byte wide: a wider access becomes byte accesses at ascending offsets, as an
// ISA bus splits it (ISA bus cycles: a 16-bit access to an 8-bit card).
#pragma once

#include "devices/kit/device.h"

namespace nyx::dev {

class ByteDevice : public Device {
  public:
    std::uint64_t read(const Access& access) final {
        std::uint64_t value = 0;
        for (unsigned i = 0; i < access.width; ++i)
            value |= std::uint64_t{read_byte(access.region, access.offset + i)} << (8 * i);
        return value;
    }
    void write(const Access& access, std::uint64_t value) final {
        for (unsigned i = 0; i < access.width; ++i)
            write_byte(access.region, access.offset + i, static_cast<std::uint8_t>(value >> (8 * i)));
    }

  protected:
    virtual std::uint8_t read_byte(std::uint32_t region, std::uint64_t offset) = 0;
    virtual void write_byte(std::uint32_t region, std::uint64_t offset, std::uint8_t value) = 0;
};

}  // namespace nyx::dev

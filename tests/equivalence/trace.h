// The accesses of a guest to its devices in the order in which they happened, as a compact file.
//
// An access is a byte (bits 0-3: width 1 to 8, bit 4: write, bit 5: memory), the address and, of a write, the value,
// both as LEB128; the address as the zigzag difference to that of the access before it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "devices/kit/device_type.h"
#include "runtime/base/bytes.h"
#include "runtime/base/result.h"

namespace nyx::trace {

struct Access {
    dev::Space space = dev::Space::kPio;
    bool is_write = false;
    std::uint8_t width = 1;
    std::uint64_t address = 0;
    std::uint64_t value = 0;  // of a write
    bool operator==(const Access&) const = default;
};

Bytes encode(const std::vector<Access>& accesses);
// kCorrupt: it is none.
Result<std::vector<Access>> decode(ByteView bytes);

}  // namespace nyx::trace

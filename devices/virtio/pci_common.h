// The common configuration structure (VIRTIO 1.2 §4.1.4.3) as a table over the transport.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "devices/virtio/transport.h"

namespace nyx::dev::virtio {

struct CommonField {
    std::uint32_t offset;
    std::uint8_t width;
    std::string_view name;
    std::uint64_t (*read)(const Transport& t);
    void (*write)(Transport& t, std::uint32_t value);  // null: read-only
};

std::span<const CommonField> common_fields();

// Fields are accessed in their own width, or 64-bit ones in two halves (§4.1.3.1); anything else reads 0 and does
// nothing.
std::uint64_t read_common(const Transport& transport, std::uint64_t offset, unsigned width);
void write_common(Transport& transport, std::uint64_t offset, unsigned width, std::uint64_t value);

}  // namespace nyx::dev::virtio

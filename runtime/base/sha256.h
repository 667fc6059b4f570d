// SHA-256 (FIPS 180-4), by Nettle.
#pragma once

#include <array>
#include <string>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"

namespace nyx {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(ByteView bytes);
// 64 lower-case hexadecimal digits.
std::string to_hex(const Digest& digest);
// Accepts exactly what to_hex writes.
Result<Digest> digest_from_hex(std::string_view text);

}  // namespace nyx

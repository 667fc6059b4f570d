// Values of a script as saved state: null, truth values, whole and floating numbers, quantities, texts, and lists,
// tuples and maps of such.
//
// A byte for the type, then: 8 bytes little-endian of a number; u32 length and bytes of a text; u32 count and the items
// of a list, of a map key and value by turns.
#pragma once

#include <optional>

#include "runtime/base/bytes.h"
#include "runtime/script/heap.h"

namespace nyx::dev::scripted {

inline constexpr std::size_t kMostSavedBytes = std::size_t{1} << 20;  // of one value

// False: it is, or holds, something else, is nested too deeply or too large; `out` is then of no use.
bool append_plain(Bytes& out, const script::Value& value);
// Nothing: the bytes are not exactly one value.
std::optional<script::Value> read_plain(script::Heap& heap, ByteView bytes);

}  // namespace nyx::dev::scripted

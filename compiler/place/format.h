// Numbers as messages and tables show them.
#pragma once

#include <string>

#include "compiler/model/machine.h"
#include "runtime/base/bits.h"

namespace nyx::place {

// "0x3f8–0x3ff", or "0x3f8" for one; "4" for a line.
std::string range_text(model::ResourceRequest::Kind kind, Range range);
std::string range_text(Range range);
// "512 MiB", "3 KiB", "100 bytes": the largest unit that divides it.
std::string size_text(std::uint64_t bytes);
// "I/O ports", "memory addresses", "interrupt line".
const char* kind_text(model::ResourceRequest::Kind kind);

}  // namespace nyx::place

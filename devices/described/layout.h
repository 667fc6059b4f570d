// Where each field of a described device's state stands in one array of bytes, which the interpreter and native code
// share.
//
// A scalar or an element takes the least of 1, 2, 4 and 8 bytes that holds its bits, in the host's order, and stands at
// a multiple of that. A fifo is two u32 (place of the first element, length), then room for all of its elements.
#pragma once

#include <cstdint>
#include <vector>

#include "devices/ir/program.h"

namespace nyx::dev::described {

struct FieldPlace {
    std::uint32_t offset = 0;   // of the first element
    std::uint32_t lengths = 0;  // of a fifo: of its two u32
    std::uint8_t size = 1;      // of an element, in bytes
};

struct Layout {
    std::vector<FieldPlace> fields;  // by index of Program::state
    std::uint32_t size = 0;
};

Layout layout_of(const ir::Program& program);

}  // namespace nyx::dev::described

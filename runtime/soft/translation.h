// What the page tables say of a linear address (Intel SDM volume 3, chapter 4).
#pragma once

#include "runtime/soft/cpu.h"

namespace nyx::soft {

struct Translation {
    std::uint64_t physical = 0;
    std::uint64_t page_size = kPageSize;
    bool is_user = true, is_writable = true, is_executable = true, is_global = false;
    bool is_dirty = true;  // writing needs no further change of the tables
};

}  // namespace nyx::soft

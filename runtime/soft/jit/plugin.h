// What the library with the compiler of regions exports. nyx itself does not link it: it is loaded when it is wanted.
#pragma once

#include "runtime/soft/cpu_layout.h"
#include "runtime/soft/region.h"

// The caller deletes it. Null: the library was made for another build.
extern "C" nyx::soft::RegionCompiler* nyx_soft_make_compiler(const nyx::soft::CpuLayout& layout);

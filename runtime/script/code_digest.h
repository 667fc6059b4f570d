// What a script's code does, as a number: equal for scripts that differ in layout, comments, places and paths alone.
//
// Left out is what stands in `machine … { }`: settings, handlers, tests. So code that devices run (docs/devices.md,
// "Classes") is the same in two machines of one file, and while their settings change. Pure; thread-safe. The program
// has been verified, or comes from compiler/lower.
#pragma once

#include "runtime/base/sha256.h"
#include "runtime/script/program.h"

namespace nyx::script {

// SHA-256 over every function that the modules' bodies reach, in the order in which they do, with names, constants and
// types in place of indices.
Digest code_digest(const Program& program);

}  // namespace nyx::script

// How the copy of an instruction ends.
#pragma once

namespace nyx::soft {

// Calls of these functions take the place of going on. The first argument is the
// number that specialise() was given.
inline constexpr const char* kGoOn = "nyx_region_go_on";      // (i32)
inline constexpr const char* kGiveUp = "nyx_region_give_up";  // (i32): nothing was done, the interpreter must do it
inline constexpr const char* kJump = "nyx_region_jump";       // (i32, i64 target)

}  // namespace nyx::soft

// Names in a HostWiring that the compiler and the runtime both know.
#pragma once

namespace nyx::plan {

// Of a disk: the path of its image, absolute or from the folder in which the bundle lies.
inline constexpr const char* kDiskImage = "image";

}  // namespace nyx::plan

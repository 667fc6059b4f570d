#pragma once

#include <cstdint>
#include <string>

namespace nyx::graph {

// Bytes as people say them: "64 MiB", "1.5 KiB".
std::string size_text(std::uint64_t bytes);

}  // namespace nyx::graph

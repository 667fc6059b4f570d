// What the build embeds (compiler/device/embed writes the source). Private to this folder.
#pragma once

#include <cstddef>
#include <string_view>

namespace nyx::dev::programs {

struct Embedded {
    std::string_view name;
    std::string_view text;  // canonical JSON of the one program, devices/ir/program_json.h
    bool is_part = false;   // no machine has one; devices are made with it
};
extern const Embedded kEmbedded[];  // by name
extern const std::size_t kEmbeddedCount;

}  // namespace nyx::dev::programs

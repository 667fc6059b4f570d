// <stem>.lock: what a build was made from, by content, so that `--locked` can refuse to build something else.
//
// One JSON document, keys in byte order, two spaces of indent, so that it reads well in a diff. Paths are as the source
// writes them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/base/sha256.h"

namespace nyx::driver {

struct LockFile {
    static constexpr std::uint32_t kFormat = 1;

    struct Machine {
        Digest plan{};
        std::map<std::string, Digest> images;  // by path as written
    };
    std::string nyxc;  // version
    Digest stdlib{};
    std::map<std::string, Digest> sources;    // by path relative to the main file's folder
    std::map<std::string, Machine> machines;  // by name; those of other machines of the file are kept
};

// One thing that differs. before or after is empty where it was not there.
struct LockChange {
    std::string what;  // "probe.elf", "the standard library"
    std::string path;  // of a source or image; empty for others
    std::string before;
    std::string after;
};

std::string lock_text(const LockFile& lock);
// kCorrupt for anything but what lock_text writes.
Result<LockFile> parse_lock(std::string_view text);
// Files first, then what follows from them (the plan), then the tools.
std::vector<LockChange> lock_changes(const LockFile& before, const LockFile& after);

}  // namespace nyx::driver

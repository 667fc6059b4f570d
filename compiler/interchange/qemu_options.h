// The grammar of QEMU's options: which take a value, and `first,key=value,flag,…` with `,,` for a comma.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nyx::interchange {

// -name, without its dashes, has no value behind it.
bool is_flag(std::string_view name);

struct QemuValue {
    std::vector<std::pair<std::string, std::string>> items;  // in the order written; a bare word is {"word", "on"}
    const std::string* find(std::string_view key) const;     // the last of that name, or null
};

// first: the key of the first item where it has none ("size" for `2G,slots=4`).
QemuValue qemu_value(std::string_view text, const std::string& first);

// 512, 2G, 1.5G, 2048M in bytes; without a suffix MiB. Nothing for what is no size, or 2^62 and more.
std::optional<std::uint64_t> qemu_size(std::string_view text);

}  // namespace nyx::interchange

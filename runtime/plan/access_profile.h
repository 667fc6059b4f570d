// How often a guest accessed each register by an exit: what `nyx run --profile` writes and `nyxc build --profile`
// reads.
//
// A JSON object: {"format": 1, "plan": "<SHA-256>", "accesses": [{"device", "register", "direction": "read" | "write",
// "count"}, …]}, most frequent first. Accesses where no device is are not in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/base/sha256.h"

namespace nyx::plan {

struct AccessProfile {
    struct Row {
        std::string device, reg;
        bool is_write = false;
        std::uint64_t count = 0;
        bool operator==(const Row&) const = default;
    };
    Digest plan_hash{};
    std::vector<Row> rows;
    bool operator==(const AccessProfile&) const = default;
};

std::string profile_text(const AccessProfile& profile);
// kCorrupt with the place for what profile_text() could not have written.
Result<AccessProfile> parse_profile(std::string_view text);
// Most frequent first, then by name: equal counts give equal orders.
void sort_profile(AccessProfile& profile);

inline constexpr std::size_t kMaxProfileText = std::size_t{4} << 20;  // bytes
inline constexpr std::size_t kMaxProfileRows = 65536;

}  // namespace nyx::plan

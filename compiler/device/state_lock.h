// The identities of what devices save, kept in a file beside the source (docs/devices.md, "State lock").
//
// A field keeps its id for ever, also when it is gone, so that a saved machine means the same to every later version. A
// text file, a line each, sorted by device; what is wrong with one is kCorrupt with the line.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/ir/program.h"
#include "runtime/base/result.h"

namespace nyx::device {

struct LockedField {
    std::uint32_t id = 0;
    std::string name;
    std::string type;                         // "u8", "[u16; 8]", "fifo<u8, 16>"
    std::uint32_t since = 1, until = 0xFFFF;  // the first version that had it, and the last
    bool operator==(const LockedField&) const = default;
};

struct LockedDevice {
    std::uint32_t version = 1;        // 0: nobody knows what was before, so nothing is said of it (compile())
    std::vector<LockedField> fields;  // of that version, by id
    std::vector<LockedField> gone;    // of older ones
    std::uint32_t highest() const;
    std::vector<LockedField> of_version(std::uint32_t number) const;  // what it saved then, by id
    const LockedField* find(std::string_view name, std::string_view type) const;
    bool operator==(const LockedDevice&) const = default;
};

using StateLock = std::map<std::string, LockedDevice, std::less<>>;

Result<StateLock> read_state_lock(std::string_view text);
std::string state_lock_text(const StateLock& lock);

std::string type_text(const dev::ir::Type& type);
// The reverse; nothing: it names none.
std::optional<dev::ir::Type> type_of_text(std::string_view text);
// What the lock says once this program is built; `before` may be null.
LockedDevice locked(const dev::ir::Program& program, const LockedDevice* before);

}  // namespace nyx::device

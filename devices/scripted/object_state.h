// An object of a class as saved state: what it holds, by name.
//
// A class with methods `snapshot()` and `restore(state)` of its own says itself what there is of it; of any other the
// fields with plain values are saved, and the rest is as a new object has it. What a machine keeps in fields of the
// library's Device (lines, timers) is saved of both. Functions only. Not thread-safe: the device's lock is held.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/ir/program.h"
#include "devices/scripted/alarms.h"
#include "devices/scripted/instance.h"
#include "runtime/base/bytes.h"

namespace nyx::dev::scripted {

// What `snapshot()` gave stands under this name.
inline constexpr std::string_view kSnapshot = "snapshot()";

struct SavedField {
    std::string name;
    Bytes value;  // plain_value.h
};

// What is not saved, and a `snapshot()` with a mistake, after which the fields are saved, is told.
std::vector<SavedField> save_object(Instance& instance, const ir::Program& program, const Complain& complain);
// One of those, into an object that is new; kSnapshot after all others. kCorrupt: the class has no such field, these
// bytes are no value, or its `restore()` has a mistake.
Status restore_field(Instance& instance, std::string_view name, ByteView value);

}  // namespace nyx::dev::scripted

// What the files of built-ins share; not for others.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "runtime/script/interpreter.h"

namespace nyx::script::builtins {

// By place or by name; null when it was left out.
const Value& given(const Args& args, std::size_t place, std::string_view name);
// The elements of an array, tuple or short range, or the keys of a map; nothing for any other value.
std::optional<std::vector<Value>> items_of(const Value& value);

std::span<const NativeSpec> collections();

}  // namespace nyx::script::builtins

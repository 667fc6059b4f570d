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

// An int, or an error where there is none.
NativeResult to_whole(double value);

// Longer ranges are not spelt out.
constexpr std::uint64_t kLongestRange = std::uint64_t{1} << 24;

constexpr TypeMask kString = mask_of(Type::kString);
constexpr TypeMask kNumber = mask_of(Type::kInt) | mask_of(Type::kFloat);
constexpr TypeMask kArray = mask_of(Type::kArray);
constexpr TypeMask kMap = mask_of(Type::kMap);
constexpr TypeMask kList = kArray | mask_of(Type::kTuple) | mask_of(Type::kRange);

inline tl::unexpected<ScriptError> wrong(std::string_view what, std::string_view wanted, const Value& value) {
    return script_error(ErrorKind::kType, "`{}` takes {}, not {}", what, wanted, type_name(value.type()));
}

inline NativeResult array_of(Interpreter& interpreter, std::vector<Value> items) {
    return interpreter.heap().make<Array>(std::move(items));
}

// Runs `next` over the elements of `list`, which may call back into the script. next returns false to stop.
template <class Next>
std::optional<ScriptError> each_item(Interpreter& interpreter, std::string_view name, const Value& list, Next next) {
    auto items = items_of(list);
    if (!items) return wrong(name, "a list", list).value();
    for (std::size_t i = 0; i < items->size(); ++i) {
        if (!interpreter.charge(1)) return interpreter.over_limit().value();
        tl::expected<bool, ScriptError> more = next((*items)[i]);
        if (!more) return std::move(more).error();
        if (!*more) break;
    }
    return std::nullopt;
}

// What each file adds.
std::span<const NativeSpec> numbers();
std::span<const NativeSpec> conversions();
std::span<const NativeSpec> text();
std::span<const NativeSpec> collections();
std::span<const NativeSpec> sorting();
std::span<const NativeSpec> functions();
std::span<const NativeSpec> maps();
std::span<const NativeSpec> making();

}  // namespace nyx::script::builtins

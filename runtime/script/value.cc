#include "runtime/script/value.h"

#include "runtime/script/objects.h"

namespace nyx::script {

std::string_view type_name(Type type) {
    static constexpr std::string_view kNames[] = {
        "unset",  "null",   "bool",   "int",    "float",  "size",     "time",     "rate",     "frequency",
        "string", "array",  "map",    "tuple",  "range",  "function", "function", "function", "class",
        "object", "module", "object", "symbol", "record", "error",    "iterator", "cell"};
    return kNames[static_cast<std::size_t>(type)];
}

bool truthy(const Value& value) {
    switch (value.type()) {
        case Type::kUnset:
        case Type::kNull:
            return false;
        case Type::kFloat:
            return value.as_float() != 0;
        case Type::kString:
            return !value.as<String>().text.empty();
        case Type::kArray:
            return !value.as<Array>().items.empty();
        case Type::kTuple:
            return !value.as<Tuple>().items.empty();
        case Type::kMap:
            return value.as<Map>().size() != 0;
        case Type::kRange:
            return value.as<Range>().length() != 0;
        default:
            return value.is_object() || value.as_int() != 0;
    }
}

}  // namespace nyx::script

// Order, and what is in what.
#include <algorithm>
#include <cmath>

#include "runtime/script/interpreter.h"
#include "runtime/script/operator_parts.h"
#include "runtime/script/operators.h"

namespace nyx::script {

namespace {

tl::expected<int, ScriptError> compare_lists(const std::vector<Value>& a, const std::vector<Value>& b, int depth) {
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        auto order = compare(a[i], b[i], depth + 1);
        if (!order || *order != 0) return order;
    }
    return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

template <class T>
int three_way(const T& a, const T& b) {
    return a < b ? -1 : b < a ? 1 : 0;
}

}  // namespace

tl::expected<int, ScriptError> compare(const Value& a, const Value& b, int depth) {
    if (a.is_number() && b.is_number()) {
        if (a.is(Type::kInt) && b.is(Type::kInt)) return three_way(a.as_int(), b.as_int());
        return three_way(to_double(a), to_double(b));
    }
    if (a.type() == b.type() && depth < 100) {
        if (a.is_quantity()) return three_way(a.as_int(), b.as_int());
        if (a.is(Type::kString)) return three_way(a.as<String>().text, b.as<String>().text);
        if (a.is(Type::kArray)) return compare_lists(a.as<Array>().items, b.as<Array>().items, depth);
        if (a.is(Type::kTuple)) return compare_lists(a.as<Tuple>().items, b.as<Tuple>().items, depth);
    }
    return mismatch(Op::kLess, a, b);
}

tl::expected<bool, ScriptError> contains(Interpreter& interpreter, const Value& container, const Value& item) {
    auto in_list = [&](const std::vector<Value>& items) -> tl::expected<bool, ScriptError> {
        if (!interpreter.charge(items.size() / 16)) return interpreter.over_limit();
        return std::any_of(items.begin(), items.end(), [&](const Value& one) { return equal(one, item); });
    };
    switch (container.type()) {
        case Type::kArray:
            return in_list(container.as<Array>().items);
        case Type::kTuple:
            return in_list(container.as<Tuple>().items);
        case Type::kMap:
            return hashable(item) && container.as<Map>().find(item) != nullptr;
        case Type::kRange:
            return item.is(Type::kInt) && container.as<Range>().contains(item.as_int());
        case Type::kString:
            if (item.is(Type::kString)) {
                return container.as<String>().text.find(item.as<String>().text) != std::string::npos;
            }
            [[fallthrough]];
        default:
            return script_error(ErrorKind::kType, "`in` does not look for {} in {}", type_name(item.type()),
                                type_name(container.type()));
    }
}

NativeResult comparison(Op op, const Value& a, const Value& b) {
    bool unordered =
        (a.is(Type::kFloat) && std::isnan(a.as_float())) || (b.is(Type::kFloat) && std::isnan(b.as_float()));
    auto order = compare(a, b);
    if (!order) return mismatch(op, a, b);
    if (unordered) return Value::boolean(false);
    switch (op) {
        case Op::kLess:
            return Value::boolean(*order < 0);
        case Op::kLessEqual:
            return Value::boolean(*order <= 0);
        case Op::kGreater:
            return Value::boolean(*order > 0);
        default:
            return Value::boolean(*order >= 0);
    }
}

}  // namespace nyx::script

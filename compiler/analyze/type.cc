#include "compiler/analyze/type.h"

#include <algorithm>

namespace nyx::analyze {

namespace {

constexpr std::uint32_t kBasicCount = static_cast<std::uint32_t>(TypeKind::kArray);

bool is_number(TypeKind kind) {
    return kind == TypeKind::kInt || kind == TypeKind::kFloat || kind == TypeKind::kNumber;
}

}  // namespace

TypeTable::TypeTable() {
    for (std::uint32_t kind = 0; kind < kBasicCount; ++kind) make({static_cast<TypeKind>(kind), 0, {}});
}

std::size_t TypeTable::Hash::operator()(const TypeData& data) const {
    std::size_t hash = static_cast<std::size_t>(data.kind) * 0x9E3779B97F4A7C15u + data.detail;
    for (Type part : data.parts) hash = (hash ^ (part.index() * 2u + (part.is_guess() ? 1u : 0u))) * 0x100000001B3u;
    return hash;
}

int TypeTable::depth(Type type) const {
    return depths_[type.index()];
}

Type TypeTable::make(TypeData data) {
    auto [found, added] = indices_.try_emplace(data, static_cast<std::uint32_t>(types_.size()));
    if (!added) return {found->second, false};
    int deepest = 0;
    for (Type part : data.parts) deepest = std::max(deepest, depth(part));
    if (deepest >= kMaxTypeDepth) {
        indices_.erase(found);
        for (Type& part : data.parts) part = {};
        return make(std::move(data));
    }
    types_.push_back(std::move(data));
    depths_.push_back(static_cast<std::uint8_t>(deepest + 1));
    return {static_cast<std::uint32_t>(types_.size() - 1), false};
}

Type TypeTable::integer(IntWidth width) {
    return make({TypeKind::kInt, static_cast<std::uint32_t>(width), {}});
}

Type TypeTable::function(std::vector<Type> parameters, Type result) {
    parameters.push_back(result);
    return make({TypeKind::kFunction, kNoSymbol, std::move(parameters)});
}

Type TypeTable::nullable(Type type) {
    TypeKind inner = kind(type);
    if (inner == TypeKind::kUnknown || inner == TypeKind::kNullable || inner == TypeKind::kNull) return type;
    if (inner == TypeKind::kNothing) return basic(TypeKind::kNull);
    return make({TypeKind::kNullable, 0, {type.as_certain()}}).like(type);
}

Type TypeTable::without_null(Type type) const {
    return kind(type) == TypeKind::kNullable ? data(type).parts[0].like(type) : type;
}

// Containers and functions: part by part; different ones have nothing in common.
Type TypeTable::join_parts(Type a, Type b) {
    TypeData left = data(a);
    const TypeData& right = data(b);
    if (left.kind != right.kind) return {};
    if (left.kind == TypeKind::kFunction || left.parts.size() != right.parts.size()) {
        // Functions that take different things, tuples of different lengths: nothing more is known.
        return {};
    }
    if (left.detail != right.detail) return left.kind == TypeKind::kInt ? integer(IntWidth::kInt) : Type();
    for (std::size_t i = 0; i < left.parts.size(); ++i) left.parts[i] = join(left.parts[i], right.parts[i]);
    return make(std::move(left));
}

Type TypeTable::join(Type a, Type b) {
    bool guess = a.is_guess() || b.is_guess();
    if (a.index() == b.index()) return guess ? a.as_guess() : a;
    TypeKind left = kind(a);
    TypeKind right = kind(b);
    if (left == TypeKind::kNothing) return b;
    if (right == TypeKind::kNothing) return a;
    if (left == TypeKind::kUnknown || right == TypeKind::kUnknown) return {};
    Type joined;
    if (left == TypeKind::kNull || right == TypeKind::kNull) {
        joined = nullable(left == TypeKind::kNull ? b : a);
    } else if (left == TypeKind::kNullable || right == TypeKind::kNullable) {
        joined = nullable(join(without_null(a), without_null(b)));
    } else if (is_number(left) && is_number(right) && left != right) {
        joined = basic(TypeKind::kNumber);
    } else {
        joined = join_parts(a, b);
    }
    return guess ? joined.as_guess() : joined;
}

}  // namespace nyx::analyze

#include <doctest/doctest.h>

#include "compiler/analyze/operators.h"
#include "compiler/analyze/type.h"

using namespace nyx::analyze;

TEST_CASE("a join holds the values of both") {
    TypeTable types;
    Type whole = types.basic(TypeKind::kInt);
    Type text = types.basic(TypeKind::kString);
    Type null = types.basic(TypeKind::kNull);
    Type nothing = types.basic(TypeKind::kNothing);
    CHECK(types.join(whole, whole) == whole);
    CHECK(types.join(nothing, text) == text);
    CHECK(types.kind(types.join(whole, types.basic(TypeKind::kFloat))) == TypeKind::kNumber);
    CHECK(types.kind(types.join(whole, text)) == TypeKind::kUnknown);
    Type maybe = types.join(null, whole);
    CHECK(types.kind(maybe) == TypeKind::kNullable);
    CHECK(types.without_null(maybe) == whole);
    CHECK(types.join(maybe, null) == maybe);
    CHECK(types.join(types.array(whole), types.array(nothing)) == types.array(whole));
    CHECK(types.join(whole, whole.as_guess()).is_guess());
    CHECK(types.integer(IntWidth::kInt) == whole);
    CHECK(types.join(types.integer(IntWidth::kU8), whole) == whole);
}

TEST_CASE("types stop growing") {
    TypeTable types;
    Type type = types.basic(TypeKind::kInt);
    for (int i = 0; i < 100; ++i) type = types.array(type);
    std::size_t size = types.size();
    for (int i = 0; i < 100; ++i) type = types.array(type);
    CHECK(types.size() == size);
}

TEST_CASE("operators fail only where no values fit") {
    TypeTable types;
    Type whole = types.basic(TypeKind::kInt);
    Type text = types.basic(TypeKind::kString);
    Type size = types.basic(TypeKind::kSize);
    using nyx::ast::BinaryOp;
    CHECK(operate(types, BinaryOp::kMultiply, text, types.map({}, {})).never_fits);
    CHECK(operate(types, BinaryOp::kMultiply, text, whole).type == text);
    CHECK(operate(types, BinaryOp::kAdd, text, types.map({}, {})).type == text);
    CHECK(operate(types, BinaryOp::kAdd, size, types.basic(TypeKind::kTime)).never_fits);
    CHECK(operate(types, BinaryOp::kAdd, size, whole).never_fits);
    CHECK_FALSE(operate(types, BinaryOp::kAdd, size, whole.as_guess()).never_fits);
    CHECK_FALSE(operate(types, BinaryOp::kAdd, size, Type()).never_fits);
    CHECK_FALSE(operate(types, BinaryOp::kSubtract, types.nullable(text), whole).never_fits);
    CHECK_FALSE(operate(types, BinaryOp::kShiftLeft, types.basic(TypeKind::kNumber), whole).never_fits);
}

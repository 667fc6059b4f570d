// Types of device code, and what an expression was lowered to.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/device/range.h"
#include "runtime/base/span.h"

namespace nyx::device {

// `enum Mode: u2 { idle = 0, busy = 1 }`
struct EnumType {
    std::string name;
    std::uint8_t bits = 8;
    struct Value {
        std::string name;
        std::uint64_t number = 0;
    };
    std::vector<Value> values;
    Span where;
};

enum class TypeBase : std::uint8_t {
    kError,    // a mistake was reported; fits everything
    kNothing,  // of a statement
    kBool,
    kInt,
    kLiteral,  // a number without a width, which takes the other side's
    kEnum,
};

struct Type {
    TypeBase base = TypeBase::kError;
    std::uint8_t bits = 64;
    const EnumType* of = nullptr;
    bool operator==(const Type&) const = default;

    static Type error() { return {}; }
    static Type nothing() { return {TypeBase::kNothing}; }
    static Type boolean() { return {TypeBase::kBool, 1}; }
    static Type number(unsigned bits) { return {TypeBase::kInt, static_cast<std::uint8_t>(bits)}; }
    static Type literal() { return {TypeBase::kLiteral, 64}; }
    bool is_error() const { return base == TypeBase::kError; }
    bool is_number() const { return base == TypeBase::kInt || base == TypeBase::kLiteral; }
};
std::string text_of(const Type& type);  // "u8", "bool"

// What a value was read from, so that a comparison can narrow what is read from there next.
struct Place {
    enum Kind : std::uint8_t { kNone, kLocal, kState, kLength } kind = kNone;
    std::uint32_t index = 0;
    std::uint8_t high = 63, low = 0;  // bits of it
    bool operator<(const Place& other) const {
        return std::tie(kind, index, high, low) < std::tie(other.kind, other.index, other.high, other.low);
    }
};

struct Value {
    Type type;
    Range range;
    std::optional<std::uint64_t> constant;  // then it has no temporary yet
    std::uint16_t temporary = 0;
    Place place;

    static Value error() { return {}; }
    static Value nothing() { return {Type::nothing(), {}, std::nullopt, 0, {}}; }
    // Of which nothing is known but its type.
    static Value any(Type type, std::uint16_t temporary) {
        return {type, Range::of_bits(type.bits), std::nullopt, temporary, {}};
    }
    static Value of(Type type, std::uint64_t number) { return {type, Range::of(number), number, 0, {}}; }
};

}  // namespace nyx::device

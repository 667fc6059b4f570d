// Types of Nyx code (docs/language.md §2), gradual: `unknown` agrees with everything.
//
// A Type is a small handle into a TypeTable, which has each type once, so equal types have equal handles. A type may be
// a guess: what an expression most likely gives, such as an element of an array that others may also fill. Editors show
// guesses; no diagnostic rests on one.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace nyx::analyze {

using SymbolId = std::uint32_t;
inline constexpr SymbolId kNoSymbol = 0xFFFFFFFF;

enum class TypeKind : std::uint8_t {
    kUnknown,
    kNothing,  // while types are inferred: no value was seen yet; later only of what never has one
    kNull,
    kBool,
    kInt,  // detail: the IntWidth
    kFloat,
    kNumber,  // int or float
    kSize,
    kTime,
    kRate,
    kFrequency,
    kString,
    kRange,
    kError,
    kMachine,
    kArray,     // parts: element
    kMap,       // parts: key, value
    kTuple,     // parts: elements
    kFunction,  // detail: its symbol, or kNoSymbol and parts: parameters, result last
    kClass,     // detail: its symbol; the class itself as a value
    kInstance,  // detail: the class's symbol
    kModule,    // detail: its symbol
    kNullable,  // parts: the type beside null
};

// The widths of annotations. Arithmetic gives kInt.
enum class IntWidth : std::uint8_t { kInt, kU8, kU16, kU32, kU64, kI8, kI16, kI32, kI64 };

class Type {
  public:
    constexpr Type() = default;  // unknown
    constexpr Type(std::uint32_t index, bool guess) : bits_(index | (guess ? kGuess : 0)) {}
    constexpr std::uint32_t index() const { return bits_ & ~kGuess; }
    constexpr bool is_guess() const { return (bits_ & kGuess) != 0; }
    constexpr Type as_guess() const { return {index(), index() != 0}; }
    constexpr Type as_certain() const { return {index(), false}; }
    // A guess where `other` is one.
    constexpr Type like(Type other) const { return other.is_guess() ? as_guess() : *this; }
    constexpr bool operator==(const Type&) const = default;

  private:
    static constexpr std::uint32_t kGuess = 0x80000000;
    std::uint32_t bits_ = 0;
};

struct TypeData {
    TypeKind kind = TypeKind::kUnknown;
    std::uint32_t detail = 0;
    std::vector<Type> parts;
    bool operator==(const TypeData&) const = default;
};

// Types deeper than this have unknown parts, so that `x = [x]` ends.
inline constexpr int kMaxTypeDepth = 6;

// Not thread-safe while types are added.
class TypeTable {
  public:
    TypeTable();
    const TypeData& data(Type type) const { return types_[type.index()]; }
    TypeKind kind(Type type) const { return types_[type.index()].kind; }

    Type basic(TypeKind kind) const { return {static_cast<std::uint32_t>(kind), false}; }  // of kinds before kArray
    Type integer(IntWidth width);
    // What is in a container may have been put there by others: its parts are guesses by nature.
    Type array(Type element) { return make({TypeKind::kArray, 0, {element.as_certain()}}); }
    Type map(Type key, Type value) { return make({TypeKind::kMap, 0, {key.as_certain(), value.as_certain()}}); }
    Type tuple(std::vector<Type> elements) { return make({TypeKind::kTuple, 0, std::move(elements)}); }
    Type function(SymbolId symbol) { return make({TypeKind::kFunction, symbol, {}}); }
    Type function(std::vector<Type> parameters, Type result);
    Type of_class(SymbolId symbol) { return make({TypeKind::kClass, symbol, {}}); }
    Type instance(SymbolId symbol) { return make({TypeKind::kInstance, symbol, {}}); }
    Type module(SymbolId symbol) { return make({TypeKind::kModule, symbol, {}}); }
    Type nullable(Type type);
    // What a `T?` is where it is not null; other types as they are.
    Type without_null(Type type) const;

    // What holds values of both: int and float give number, null and T give T?, what has nothing in common is unknown.
    Type join(Type a, Type b);

    bool is_quantity(Type type) const { return kind(type) >= TypeKind::kSize && kind(type) <= TypeKind::kFrequency; }
    bool is_unknown(Type type) const { return kind(type) == TypeKind::kUnknown; }
    bool is_nothing(Type type) const { return kind(type) == TypeKind::kNothing; }
    std::size_t size() const { return types_.size(); }

  private:
    struct Hash {
        std::size_t operator()(const TypeData& data) const;
    };
    Type make(TypeData data);
    int depth(Type type) const;
    Type join_parts(Type a, Type b);

    std::deque<TypeData> types_;  // references to an entry stay valid
    std::vector<std::uint8_t> depths_;
    std::unordered_map<TypeData, std::uint32_t, Hash> indices_;
};

}  // namespace nyx::analyze

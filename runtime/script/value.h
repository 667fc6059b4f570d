// Values of the Nyx language at run time, and the objects behind them.
//
// A Value is 16 bytes: a type and either the datum itself or a pointer to an Object. Objects belong to a Heap (heap.h),
// which must outlive every Value that points into it. Values are copied freely; arrays, maps and instances are shared,
// strings, tuples and ranges never change once made. Not thread-safe.
//
// A quantity is a whole number of base units: bytes (kSize), nanoseconds (kTime), bits per second (kRate), hertz
// (kFrequency).
#pragma once

#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/base/span.h"

namespace nyx::script {

enum class Type : std::uint8_t {
    kUnset,  // a variable or argument without a value; scripts never see it
    kNull,
    kBool,
    kInt,
    kFloat,
    kSize,
    kTime,
    kRate,
    kFrequency,
    // From here on an Object.
    kString,
    kArray,
    kMap,
    kTuple,
    kRange,
    kFunction,  // a script function with what it captured
    kMethod,    // a function or native bound to its receiver
    kNative,    // a function of the host
    kClass,
    kInstance,
    kModule,
    kHostObject,  // an object of the host with members, such as a machine
    kSymbol,      // a bare name in a declaration: `bus = virtio`
    kRecord,      // a call on a bare name in a declaration: `linux(kernel: "vmlinuz")`
    kError,       // what `catch` receives for an error that the interpreter found
    kIterator,    // of a running for loop; scripts never see it
    kCell,        // a captured variable; scripts never see it
};

// "int", "size", "function" …, as messages and type() say it.
std::string_view type_name(Type type);

class Marker;

struct Object {
    explicit Object(Type t) : type(t) {}
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    virtual ~Object() = default;
    // Marks every value that this object keeps alive.
    virtual void trace(Marker&) const {}
    // Bytes that it holds beside itself.
    virtual std::size_t extra_bytes() const { return 0; }

    const Type type;
    mutable bool marked = false;
};

class Value {
  public:
    constexpr Value() = default;
    constexpr Value(Object* object) : type_(object->type), object_(object) {}  // NOLINT(google-explicit-constructor)
    static constexpr Value unset() { return make(Type::kUnset, 0); }
    static constexpr Value boolean(bool value) { return make(Type::kBool, value ? 1 : 0); }
    static constexpr Value integer(std::int64_t value) { return make(Type::kInt, value); }
    static constexpr Value quantity(Type dimension, std::int64_t base_units) { return make(dimension, base_units); }
    static constexpr Value floating(double value) {
        Value result;
        result.type_ = Type::kFloat;
        result.float_ = value;
        return result;
    }

    constexpr Type type() const { return type_; }
    constexpr bool is(Type type) const { return type_ == type; }
    constexpr bool is_null() const { return type_ == Type::kNull; }
    constexpr bool is_quantity() const { return type_ >= Type::kSize && type_ <= Type::kFrequency; }
    constexpr bool is_number() const { return type_ == Type::kInt || type_ == Type::kFloat; }
    constexpr bool is_object() const { return type_ >= Type::kString; }

    // The caller has looked at the type. as_int is also the base units of a quantity.
    constexpr bool as_bool() const { return int_ != 0; }
    constexpr std::int64_t as_int() const { return int_; }
    constexpr double as_float() const { return float_; }
    constexpr Object* as_object() const { return object_; }
    template <class T>
    T& as() const {
        NYX_CHECK(type_ == T::kType);
        return *static_cast<T*>(object_);
    }
    // The object as a T, or null.
    template <class T>
    T* try_as() const {
        return type_ == T::kType ? static_cast<T*>(object_) : nullptr;
    }

  private:
    static constexpr Value make(Type type, std::int64_t value) {
        Value result;
        result.type_ = type;
        result.int_ = value;
        return result;
    }

    Type type_ = Type::kNull;
    union {
        std::int64_t int_ = 0;
        double float_;
        Object* object_;
    };
};

static_assert(sizeof(Value) == 16);

// ---- Objects that declarations are made of; the rest are in objects.h
// ---------------------------------------------------

// In one block with its text: most are short, and a second allocation would cost more than what is done with them.
struct String final : Object {
    static constexpr Type kType = Type::kString;
    // fill(char*) writes the `size` bytes.
    template <class Fill>
    static std::unique_ptr<String> make(std::size_t size, Fill fill) {
        std::unique_ptr<String> string(new (Room{size}) String(size));
        fill(reinterpret_cast<char*>(string.get() + 1));
        return string;
    }
    std::size_t extra_bytes() const override { return text.size(); }
    static void operator delete(void* block) { ::operator delete(block); }

    const std::string_view text;  // UTF-8, as far as the source was

  private:
    struct Room {
        std::size_t bytes;
    };
    explicit String(std::size_t size) : Object(kType), text(reinterpret_cast<const char*>(this + 1), size) {}
    static void* operator new(std::size_t size, Room room) { return ::operator new(size + room.bytes); }
    static void operator delete(void* block, Room) { ::operator delete(block); }
};

struct Array final : Object {
    static constexpr Type kType = Type::kArray;
    explicit Array(std::vector<Value> v = {}) : Object(kType), items(std::move(v)) {}
    void trace(Marker& marker) const override;
    std::size_t extra_bytes() const override { return items.capacity() * sizeof(Value); }
    std::vector<Value> items;
};

struct Tuple final : Object {
    static constexpr Type kType = Type::kTuple;
    explicit Tuple(std::vector<Value> v) : Object(kType), items(std::move(v)) {}
    void trace(Marker& marker) const override;
    std::size_t extra_bytes() const override { return items.capacity() * sizeof(Value); }
    const std::vector<Value> items;
};

struct Symbol final : Object {
    static constexpr Type kType = Type::kSymbol;
    Symbol(std::string n, Span s) : Object(kType), name(std::move(n)), where(s) {}
    std::size_t extra_bytes() const override { return name.capacity(); }
    const std::string name;
    const Span where;
};

struct Record final : Object {
    static constexpr Type kType = Type::kRecord;
    struct Field {
        std::string name;  // empty: positional
        Value value;
        Span where;       // the value as written
        Span name_where;  // unknown where there is no name
    };
    Record(std::string n, Span w, Span nw) : Object(kType), name(std::move(n)), where(w), name_where(nw) {}
    void trace(Marker& marker) const override;
    std::size_t extra_bytes() const override { return fields.capacity() * sizeof(Field); }
    // The first field of that name, or null.
    const Field* find(std::string_view field) const;

    const std::string name;
    const Span where;           // the whole call
    const Span name_where;      // its name
    std::vector<Field> fields;  // in the order written; a name may appear twice
};

// ---- What can be said of any value
// --------------------------------------------------------------------------------------

// Text as print shows it: strings bare, quantities with the largest unit that fits a whole number ("2 GiB").
std::string to_text(const Value& value);
// The same at the end of `out`, without a copy between.
void append_text(std::string& out, const Value& value);
// Text as it would be written in source: strings quoted.
std::string to_source(const Value& value);
// ==: numbers by value, containers by content, instances and functions by identity. Nesting beyond 200 levels is
// unequal.
bool equal(const Value& a, const Value& b);
// false, null, 0, 0.0, "" and empty containers are not.
bool truthy(const Value& value);

}  // namespace nyx::script

// The objects that programs compute with, beside those of value.h.
//
// Maps keep the order of insertion. Keys are null, bool, int, float, quantities, strings, symbols and tuples of such.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <unordered_map>
#include <vector>

#include "runtime/script/error.h"
#include "runtime/script/value.h"

namespace nyx::script {

class Interpreter;
struct Function;  // program.h

std::uint64_t hash_value(const Value& value);
bool hashable(const Value& value);

struct Map final : Object {
    static constexpr Type kType = Type::kMap;
    struct Entry {
        Value key;  // unset: erased
        Value value;
    };
    Map() : Object(kType) {}
    void trace(Marker& marker) const override;
    std::size_t extra_bytes() const override { return entries_.capacity() * sizeof(Entry) + index_.capacity() * 4; }

    std::size_t size() const { return live_; }
    // The value of that key, or null. The pointer is valid until the map changes.
    Value* find(const Value& key);
    Value* find(std::string_view key);
    // key is hashable. Overwriting keeps the key's place.
    void set(const Value& key, const Value& value);
    bool erase(const Value& key);
    void clear() {
        entries_.clear();
        index_.clear();
        live_ = 0;
    }
    // In order of insertion, erased entries among them: skip those whose key is unset.
    std::span<const Entry> entries() const { return entries_; }

  private:
    std::size_t probe(const Value& key, std::uint64_t hash) const;
    void rebuild(std::size_t capacity);

    std::vector<Entry> entries_;
    std::vector<std::uint32_t> index_;  // open addressing; entry number + 1, 0 is free; its size is a power of two
    std::size_t live_ = 0;
};

// begin..end: whole numbers from begin up to, not including, end. step is never 0.
struct Range final : Object {
    static constexpr Type kType = Type::kRange;
    Range(std::int64_t b, std::int64_t e, std::int64_t s) : Object(kType), begin(b), end(e), step(s) {}
    std::uint64_t length() const;
    bool contains(std::int64_t value) const;
    const std::int64_t begin;
    const std::int64_t end;
    const std::int64_t step;
};

// A variable that outlives its frame or is shared by closures. While its frame runs it points into the stack.
struct Cell final : Object {
    static constexpr Type kType = Type::kCell;
    explicit Cell(Value* slot) : Object(kType), target(slot) {}
    void trace(Marker& marker) const override;
    void close() {
        own = *target;
        target = &own;
    }
    Value* target;
    Value own;
};

struct Class;

struct Closure final : Object {
    static constexpr Type kType = Type::kFunction;
    explicit Closure(const Function* f) : Object(kType), function(f) {}
    void trace(Marker& marker) const override;
    std::size_t extra_bytes() const override { return cells.capacity() * sizeof(Cell*); }
    const Function* function;
    std::vector<Cell*> cells;
    Class* owner = nullptr;  // the class whose method this is, or in whose method it was made
};

struct NamedArg {
    const String* name;
    Value value;
};

// What a native is called with. The values stay alive during the call.
struct Args {
    std::span<const Value> positional;
    std::span<const NamedArg> named;

    std::size_t count() const { return positional.size() + named.size(); }
    // By place, else by name, else null.
    const Value* find(std::size_t place, std::string_view name) const;
};

using NativeResult = tl::expected<Value, ScriptError>;
using NativeFn = NativeResult (*)(Interpreter&, const Args&);

struct Native final : Object {
    static constexpr Type kType = Type::kNative;
    Native(std::string n, NativeFn f) : Object(kType), name(std::move(n)), function(f) {}
    const std::string name;
    const NativeFn function;
    std::vector<std::string> parameters;
    std::size_t required = 0;
    bool variadic = false;
};

struct Method final : Object {
    static constexpr Type kType = Type::kMethod;
    Method(Value s, Object* c) : Object(kType), self(s), callee(c) {}
    void trace(Marker& marker) const override;
    const Value self;
    Object* const callee;  // Closure or Native
};

struct Class final : Object {
    static constexpr Type kType = Type::kClass;
    explicit Class(std::string n) : Object(kType), name(std::move(n)) {}
    void trace(Marker& marker) const override;
    // The method of this class or of the nearest base that has it, or null.
    Closure* find(const String* method) const;
    bool derives_from(const Class* other) const;
    // Where instances of this class keep that field, or -1.
    int slot(const String* field) const;
    int add_slot(const String* field);

    const std::string name;
    Class* base = nullptr;
    std::unordered_map<const String*, Closure*> methods;  // names are interned
    Closure* fields = nullptr;                            // gives fields their first values
    std::unordered_map<const String*, int> slots;
    std::vector<const String*> slot_names;
};

struct Instance final : Object {
    static constexpr Type kType = Type::kInstance;
    explicit Instance(Class* c) : Object(kType), cls(c) {}
    void trace(Marker& marker) const override;
    std::size_t extra_bytes() const override { return slots.capacity() * sizeof(Value); }
    Class* const cls;
    std::vector<Value> slots;  // by Class::slot; may be shorter than the class knows
};

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

// A module's names are globals of the program; the module says which.
struct Module final : Object {
    static constexpr Type kType = Type::kModule;
    using Exports = std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>>;
    Module(std::string n, Exports e) : Object(kType), name(std::move(n)), exports(std::move(e)) {}
    const std::string name;
    const Exports exports;
};

// An object of the host: its members are natives and values that the host makes up.
struct HostObject : Object {
    static constexpr Type kType = Type::kHostObject;
    HostObject() : Object(kType) {}
    virtual std::string_view type_name() const = 0;
    // The member's value; natives are bound to the object.
    virtual NativeResult member(Interpreter& interpreter, std::string_view name) = 0;
};

struct Iterator final : Object {
    static constexpr Type kType = Type::kIterator;
    explicit Iterator(Value s) : Object(kType), source(s) {}
    void trace(Marker& marker) const override;
    const Value source;
    std::uint64_t position = 0;
    std::int64_t next = 0;  // of a range
    std::uint64_t left = 0;
};

}  // namespace nyx::script

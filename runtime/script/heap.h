// Where objects live: a mark-and-sweep heap.
//
// Nothing is freed except by collect(), which its owner calls only when every live Value is reachable from the roots it
// passes or is pinned. The interpreter collects between instructions; whoever keeps a Value beyond a run pins it. Not
// thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/script/value.h"

namespace nyx::script {

class Marker {
  public:
    void mark(const Value& value) {
        if (value.is_object()) mark(value.as_object());
    }
    void mark(const Object* object) {
        if (object && !object->marked) {
            object->marked = true;
            if (object->type != Type::kString) pending_.push_back(object);  // text keeps nothing alive
        }
    }
    // Follows references until nothing new is found; uses no C++ recursion.
    void finish();

  private:
    std::vector<const Object*> pending_;
};

class Heap {
  public:
    Heap() = default;
    Heap(const Heap&) = delete;
    Heap& operator=(const Heap&) = delete;
    ~Heap() = default;

    template <class T, class... Args>
    T* make(Args&&... args) {
        return keep(std::make_unique<T>(std::forward<Args>(args)...));
    }
    Value string(std::string_view text) {
        return string(text.size(), [text](char* out) { std::copy(text.begin(), text.end(), out); });
    }
    // Text that fill(char*) writes, for what is made in place.
    template <class Fill>
    String* string(std::size_t size, Fill fill) {
        return keep(String::make(size, fill));
    }
    // The one String of this text, for names that are compared often; kept for good.
    String* intern(std::string_view text);

    // Keeps `value` and what it refers to for the life of the heap.
    void pin(const Value& value) { pinned_.push_back(value); }
    // Frees what neither `roots` nor a pin reaches.
    void collect(const std::function<void(Marker&)>& roots);

    // A container of ours has grown by this much since it was made.
    void grew(std::size_t bytes) { bytes_ += bytes; }
    std::size_t bytes() const { return bytes_; }
    // Enough garbage may have gathered for a collection to pay.
    bool wants_collection() const { return bytes_ > threshold_; }
    std::size_t object_count() const { return objects_.size(); }

  private:
    template <class T>
    T* keep(std::unique_ptr<T> object) {
        T* result = object.get();
        bytes_ += kObjectBytes + result->extra_bytes();
        objects_.push_back(std::move(object));
        return result;
    }

    static constexpr std::size_t kFirstCollection = std::size_t{4} << 20;
    static constexpr std::size_t kObjectBytes = 64;  // about what an object takes beside its extra_bytes()

    std::vector<std::unique_ptr<Object>> objects_;
    std::unordered_map<std::string_view, String*> interned_;
    std::vector<Value> pinned_;
    std::size_t bytes_ = 0;
    std::size_t threshold_ = kFirstCollection;
};

}  // namespace nyx::script

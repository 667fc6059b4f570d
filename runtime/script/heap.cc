#include "runtime/script/heap.h"

#include <algorithm>

namespace nyx::script {

void Marker::finish() {
    while (!pending_.empty()) {
        const Object* object = pending_.back();
        pending_.pop_back();
        object->trace(*this);
    }
}

String* Heap::intern(std::string_view text) {
    auto found = interned_.find(text);
    if (found != interned_.end()) return found->second;
    Value made = string(text);
    auto* kept = &made.as<String>();
    interned_.emplace(kept->text, kept);
    return kept;
}

void Heap::collect(const std::function<void(Marker&)>& roots) {
    Marker marker;
    roots(marker);
    for (const Value& value : pinned_) marker.mark(value);
    for (const auto& [text, string] : interned_) marker.mark(string);
    marker.finish();
    bytes_ = 0;
    std::erase_if(objects_, [this](const std::unique_ptr<Object>& object) {
        if (!object->marked) return true;
        object->marked = false;
        bytes_ += kObjectBytes + object->extra_bytes();
        return false;
    });
    threshold_ = std::max(kFirstCollection, bytes_ * 2);
}

}  // namespace nyx::script

// Walks a JSON document that must have exactly one shape. The first thing that is wrong is kept, with its place, and
// everything read after it is a default value, so that a reader is written straight down and asks for the error once,
// at the end.
//
// Include it from .cc files only: the JSON library's header is large. Not thread-safe.
#pragma once

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/bits.h"
#include "runtime/base/result.h"
#include "runtime/base/sha256.h"

namespace nyx::json {

using Json = nlohmann::json;

// "nothing", "a list" …: what a value is, for messages.
const char* type_word(const Json& value);

// Text to document; kCorrupt with the byte at which it stops being JSON, or for text over `limit` bytes.
Result<Json> parse_json(std::string_view text, std::size_t limit);

// The first problem of a document.
class Problem {
  public:
    void note(const std::string& path, std::string what);
    bool found() const { return !text_.empty(); }
    const std::string& text() const { return text_; }

  private:
    std::string text_;
};

// One object. Every key that the document has must be asked for; finish() reports one that was not.
class ObjectReader {
  public:
    ObjectReader(const Json& value, std::string path, Problem& problem);

    std::uint64_t number(const char* key, std::uint64_t max = std::numeric_limits<std::uint64_t>::max());
    std::uint32_t number32(const char* key) { return static_cast<std::uint32_t>(number(key, 0xFFFFFFFF)); }
    bool boolean(const char* key);
    std::string text(const char* key);
    Digest digest(const char* key);
    // The value itself; null (the JSON value) where it is missing, which is then a problem.
    const Json& at(const char* key);
    // The same for a key that may be left out; a null pointer where it is.
    const Json* find(const char* key);
    // f(element, path) for each element of an array of at most `max` elements.
    template <class F>
    void each(const char* key, std::size_t max, F f) {
        const Json& list = array(key, max);
        for (std::size_t i = 0; i < list.size(); ++i) f(list[i], fmt::format("{}[{}]", path_of(key), i));
    }
    // f(key, value, path) for each member of an object that is used as a map.
    template <class F>
    void each_member(const char* key, std::size_t max, F f) {
        const Json& map = object(key, max);
        for (const auto& [name, value] : map.items()) f(name, value, path_of(key) + "." + name);
    }
    void finish();

    std::string path_of(const char* key) const { return path_.empty() ? key : path_ + "." + key; }

  private:
    const Json& array(const char* key, std::size_t max);
    const Json& object(const char* key, std::size_t max);

    const Json& value_;
    std::string path_;
    Problem& problem_;
    std::vector<std::string_view> keys_;
};

Range read_range(const Json& value, const std::string& path, Problem& problem);
std::uint32_t read_number32(const Json& value, const std::string& path, Problem& problem);

}  // namespace nyx::json

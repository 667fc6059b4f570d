#include "runtime/base/json_reader.h"

#include <algorithm>

namespace nyx::json {

namespace {

const Json kNull;
constexpr int kMaxDepth = 16;

// Refuses nesting before the parser builds it: a plan is 6 deep, and destroying a document of millions of brackets is
// slow.
bool too_deep(std::string_view text) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (in_string && c == '\\') {
            ++i;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '[' || c == '{')) {
            if (++depth > kMaxDepth) return true;
        } else if (!in_string && (c == ']' || c == '}')) {
            --depth;
        }
    }
    return false;
}

}  // namespace

const char* type_word(const Json& value) {
    switch (value.type()) {
        case Json::value_t::null:
            return "nothing";
        case Json::value_t::object:
            return "an object";
        case Json::value_t::array:
            return "a list";
        case Json::value_t::string:
            return "a text";
        case Json::value_t::boolean:
            return "true or false";
        default:
            return "a number";
    }
}

Result<Json> parse_json(std::string_view text, std::size_t limit) {
    if (text.size() > limit)
        return fail(ErrorCode::kCorrupt, "{} bytes of JSON; at most {} are read", text.size(), limit);
    if (too_deep(text)) return fail(ErrorCode::kCorrupt, "JSON nested deeper than {}", kMaxDepth);
    Json document = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (document.is_discarded()) return fail(ErrorCode::kCorrupt, "not JSON");
    return document;
}

void Problem::note(const std::string& path, std::string what) {
    if (text_.empty()) text_ = path.empty() ? std::move(what) : fmt::format("{}: {}", path, what);
}

ObjectReader::ObjectReader(const Json& value, std::string path, Problem& problem)
    : value_(value), path_(std::move(path)), problem_(problem) {
    if (!value_.is_object()) problem_.note(path_, fmt::format("{} where an object belongs", type_word(value_)));
}

const Json* ObjectReader::find(const char* key) {
    keys_.push_back(key);
    if (!value_.is_object()) return nullptr;
    auto found = value_.find(key);
    return found == value_.end() ? nullptr : &*found;
}

const Json& ObjectReader::at(const char* key) {
    if (const Json* found = find(key)) return *found;
    if (value_.is_object()) problem_.note(path_of(key), "is missing");
    return kNull;
}

std::uint64_t ObjectReader::number(const char* key, std::uint64_t max) {
    const Json& value = at(key);
    if (!value.is_number_unsigned()) {
        problem_.note(path_of(key), fmt::format("{} where a whole number belongs", type_word(value)));
        return 0;
    }
    auto number = value.get<std::uint64_t>();
    if (number > max) problem_.note(path_of(key), fmt::format("{} is above {}", number, max));
    return number;
}

bool ObjectReader::boolean(const char* key) {
    const Json& value = at(key);
    if (!value.is_boolean())
        problem_.note(path_of(key), fmt::format("{} where true or false belongs", type_word(value)));
    return value.is_boolean() && value.get<bool>();
}

std::string ObjectReader::text(const char* key) {
    const Json& value = at(key);
    if (!value.is_string()) {
        problem_.note(path_of(key), fmt::format("{} where a text belongs", type_word(value)));
        return {};
    }
    return value.get<std::string>();
}

Digest ObjectReader::digest(const char* key) {
    Result<Digest> digest = digest_from_hex(text(key));
    if (!digest) problem_.note(path_of(key), digest.error().message);
    return digest ? *digest : Digest{};
}

const Json& ObjectReader::array(const char* key, std::size_t max) {
    const Json& value = at(key);
    if (value.is_array() && value.size() <= max) return value;
    problem_.note(path_of(key), value.is_array() ? fmt::format("{} elements; at most {}", value.size(), max)
                                                 : fmt::format("{} where a list belongs", type_word(value)));
    return kNull;
}

const Json& ObjectReader::object(const char* key, std::size_t max) {
    const Json& value = at(key);
    if (value.is_object() && value.size() <= max) return value;
    problem_.note(path_of(key), value.is_object() ? fmt::format("{} members; at most {}", value.size(), max)
                                                  : fmt::format("{} where an object belongs", type_word(value)));
    return kNull;
}

void ObjectReader::finish() {
    if (!value_.is_object()) return;
    for (const auto& [name, value] : value_.items()) {
        if (std::find(keys_.begin(), keys_.end(), name) == keys_.end()) {
            problem_.note(path_of(name.c_str()), "is not a key of this format");
        }
    }
}

Range read_range(const Json& value, const std::string& path, Problem& problem) {
    ObjectReader object(value, path, problem);
    Range range{object.number("base"), object.number("size")};
    object.finish();
    return range;
}

std::uint32_t read_number32(const Json& value, const std::string& path, Problem& problem) {
    if (value.is_number_unsigned() && value.get<std::uint64_t>() <= 0xFFFFFFFF) return value.get<std::uint32_t>();
    problem.note(path, "is not a whole number below 2^32");
    return 0;
}

}  // namespace nyx::json

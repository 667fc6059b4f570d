// Differences as text and as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "compiler/diff/diff.h"

namespace nyx::diff {

namespace {

using Json = nlohmann::ordered_json;

// Green, cyan, blue, yellow, red.
constexpr std::array<const char*, 5> kColors = {"\033[32m", "\033[36m", "\033[34m", "\033[33m", "\033[1;31m"};
constexpr const char* kDim = "\033[2m";
constexpr const char* kPlain = "\033[0m";

std::string place_text(const Place& place) {
    if (place.file.empty()) return "";
    return place.is_default ? "the default" : fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

std::string places_text(const Change& change) {
    std::string from = place_text(change.from), to = place_text(change.to);
    if (from.empty() || to.empty() || from == to) return from.empty() ? to : from;
    return from + " → " + to;
}

std::string value_text(const Change& change) {
    if (change.before.empty()) return "+ " + change.after;
    if (change.after.empty()) return "- " + change.before;
    return change.before + " → " + change.after;
}

std::string painted(const std::string& text, const char* color, bool on) {
    return on ? color + text + kPlain : text;
}

Json place_json(const Place& place) {
    if (place.file.empty()) return nullptr;
    return {{"file", place.file}, {"line", place.line}, {"column", place.column}, {"default", place.is_default}};
}

}  // namespace

std::string as_text(const Side& before, const Side& after, const std::vector<Change>& changes, bool color) {
    if (changes.empty()) return fmt::format("{} and {} are the same machine\n", before.shown, after.shown);
    std::size_t widest_class = 0, widest_path = 0;
    for (const Change& change : changes) {
        widest_class = std::max(widest_class, std::string_view(text_of(change.strength)).size());
        widest_path = std::max(widest_path, change.path.size());
    }
    std::string out;
    bool following = false;
    for (const Change& change : changes) {
        if (change.follows && !following) out += "\nand what follows from that\n";
        following = change.follows;
        std::string strength = fmt::format("{:<{}}", text_of(change.strength), widest_class);
        out += painted(strength, kColors.at(static_cast<std::size_t>(change.strength)), color);
        out += fmt::format("  {:<{}}  {}\n", change.path, widest_path, value_text(change));
        std::string places = places_text(change);
        std::string why = fmt::format("{}{}", change.reason, places.empty() ? "" : " (" + places + ")");
        if (!change.follows) out += std::string(widest_class + 2, ' ') + painted(why, kDim, color) + "\n";
    }
    Class worst = strongest(changes);
    return out + fmt::format("\n{} → {}: {} ({})\n", before.shown, after.shown, text_of(worst), meaning_of(worst));
}

std::string as_json(const Side& before, const Side& after, const std::vector<Change>& changes) {
    Json json = {{"before", before.shown}, {"after", after.shown}};
    json["class"] = changes.empty() ? Json() : Json(text_of(strongest(changes)));
    json["changes"] = Json::array();
    for (const Change& change : changes) {
        json["changes"].push_back({{"path", change.path},
                                   {"before", change.before.empty() ? Json() : Json(change.before)},
                                   {"after", change.after.empty() ? Json() : Json(change.after)},
                                   {"class", text_of(change.strength)},
                                   {"reason", change.reason},
                                   {"follows", change.follows},
                                   {"from", place_json(change.from)},
                                   {"to", place_json(change.to)}});
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nyx::diff

#include "runtime/script/code_points.h"

#include <algorithm>

namespace nyx::script {

std::size_t code_point_size(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return end - at;
}

std::size_t text_length(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string_view text_slice(std::string_view text, std::size_t begin, std::size_t end) {
    std::size_t at = 0;
    std::size_t number = 0;
    for (; number < begin && at < text.size(); ++number) at += code_point_size(text, at);
    std::size_t from = at;
    for (; number < end && at < text.size(); ++number) at += code_point_size(text, at);
    return text.substr(from, at - from);
}

}  // namespace nyx::script

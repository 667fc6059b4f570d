#include "compiler/lsp/transport.h"

#include <fmt/format.h>
#include <algorithm>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

namespace nyx::lsp {

namespace {

constexpr std::string_view kLength = "content-length:";

// The number behind "Content-Length:", wherever in the line: before it may stand what is left of nonsense.
std::optional<std::size_t> content_length(std::string_view line) {
    std::string small(line);
    std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) { return std::tolower(c); });
    std::size_t at = small.rfind(kLength);
    if (at == std::string::npos) return std::nullopt;
    line.remove_prefix(at + kLength.size());
    while (line.starts_with(' ')) line.remove_prefix(1);
    while (line.ends_with(' ')) line.remove_suffix(1);
    std::size_t length = 0;
    auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), length);
    bool whole = error == std::errc{} && end == line.data() + line.size();
    return whole && length <= kMaxMessage ? std::optional(length) : std::nullopt;
}

}  // namespace

std::optional<std::string> MessageReader::line() {
    std::size_t end = buffer_.find('\n', read_);
    if (end == std::string::npos) {
        // A line without an end is no header; only its last bytes may belong to one.
        if (buffer_.size() - read_ > kMaxHeader) read_ = buffer_.size() - kMaxHeader / 2;
        return std::nullopt;
    }
    std::string text = buffer_.substr(read_, end - read_);
    if (text.ends_with('\r')) text.pop_back();
    read_ = end + 1;
    return text;
}

std::optional<std::string> MessageReader::next() {
    while (!in_body_) {
        auto text = line();
        if (!text) break;
        if (text->empty()) {
            in_body_ = length_.has_value();
        } else if (auto length = content_length(*text)) {
            length_ = length;
        }
    }
    if (!in_body_ || buffer_.size() - read_ < *length_) {
        buffer_.erase(0, read_);
        read_ = 0;
        return std::nullopt;
    }
    std::string body = buffer_.substr(read_, *length_);
    read_ += *length_;
    length_.reset();
    in_body_ = false;
    return body;
}

std::string frame(const nlohmann::json& message) {
    // Text of a broken document may reach a message: bytes that are not UTF-8 are replaced, never thrown over.
    std::string body = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body);
}

}  // namespace nyx::lsp

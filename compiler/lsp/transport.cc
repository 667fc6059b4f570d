#include "compiler/lsp/transport.h"

#include <charconv>
#include <nlohmann/json.hpp>

namespace nyx::lsp {

namespace {

constexpr std::string_view kSeparator = "\r\n\r\n";
constexpr std::string_view kLength = "Content-Length: ";

// The number after "Content-Length: " in a header block of lines that end in \r\n.
Result<std::size_t> content_length(std::string_view header) {
    std::size_t at = header.find(kLength);
    if (at == std::string_view::npos || (at != 0 && header[at - 1] != '\n')) {
        return fail(ErrorCode::kCorrupt, "a message without Content-Length");
    }
    std::string_view digits = header.substr(at + kLength.size());
    digits = digits.substr(0, digits.find('\r'));
    std::size_t length = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc{} || end != digits.data() + digits.size() || length > kMaxMessage) {
        return fail(ErrorCode::kCorrupt, "'{}' is not a message length of at most {} bytes", digits, kMaxMessage);
    }
    return length;
}

}  // namespace

Result<std::optional<std::string>> MessageReader::next() {
    std::size_t separator = buffer_.find(kSeparator);
    if (separator == std::string::npos) {
        if (buffer_.size() > kMaxHeader)
            return fail(ErrorCode::kCorrupt, "a message header of over {} bytes", kMaxHeader);
        return std::optional<std::string>();
    }
    NYX_ASSIGN(std::size_t length, content_length(std::string_view(buffer_).substr(0, separator)));
    std::size_t begin = separator + kSeparator.size();
    if (buffer_.size() - begin < length) return std::optional<std::string>();
    std::string body = buffer_.substr(begin, length);
    buffer_.erase(0, begin + length);
    return std::optional<std::string>(std::move(body));
}

std::string frame(const nlohmann::json& message) {
    // Text of a broken document may reach a message: bytes that are not UTF-8 are replaced, never thrown over.
    std::string body = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return fmt::format("{}{}{}{}", kLength, body.size(), kSeparator, body);
}

}  // namespace nyx::lsp

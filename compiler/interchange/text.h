// Texts of others as Nyx, XML and comments. Whatever the bytes, the result is well-formed.
#pragma once

#include <string>
#include <string_view>

namespace nyx::interchange {

// A string literal.
std::string quoted(std::string_view text);
// A documentation string, on as many lines as it has.
std::string doc_string(std::string_view text);
// Without control characters and line breaks, and cut where it is long: for comments and messages.
std::string one_line(std::string_view text, std::size_t most = 160);
// A name for a machine or device: `web-01` is web_01.
std::string identifier(std::string_view name);
// Without what XML 1.0 does not allow (production Char).
std::string xml_text(std::string_view text);

}  // namespace nyx::interchange

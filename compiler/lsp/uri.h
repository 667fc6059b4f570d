// Files as the protocol names them (RFC 3986, RFC 8089).
#pragma once

#include <string>
#include <string_view>

namespace nyx::lsp {

// "file:///a%20b.ny" → "/a b.ny"; other schemes are returned as they are.
std::string path_of_uri(std::string_view uri);
// An absolute file:// URI, in the one spelling by which we compare.
std::string uri_of_path(const std::string& path);

}  // namespace nyx::lsp

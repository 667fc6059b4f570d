// Pieces of HTML. What they are given is text, what they give is markup.
#pragma once

#include <string>
#include <string_view>

namespace nyx::doc {

// With the characters escaped that mean something in text and attributes; control characters and what is not UTF-8 as
// U+FFFD.
std::string escaped(std::string_view text);
// A part of a path or anchor: letters, digits, `_`, `-` and `.`; other bytes as ~hex.
std::string path_part(std::string_view name);
std::string link(const std::string& href, std::string_view text, std::string_view style = {});

struct Page {
    std::string root;     // "../", or empty for the index
    std::string site;     // title of the whole
    std::string title;    // plain text
    std::string crumbs;   // markup: the way here
    std::string body;     // markup
    std::string version;  // of nyxc
};
std::string page_html(const Page& page);

}  // namespace nyx::doc

#include "compiler/doc/html.h"

#include <fmt/format.h>

#include <cctype>

#include "runtime/base/utf8.h"

namespace nyx::doc {

std::string escaped(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        CodePoint c = decode_utf8(text, at);
        bool is_text = c.size > 0 && (c.value >= 0x20 || c.value == '\n' || c.value == '\t') && c.value != 0x7F;
        if (!is_text) {
            out += "\xEF\xBF\xBD";
        } else if (c.value == '<') {
            out += "&lt;";
        } else if (c.value == '>') {
            out += "&gt;";
        } else if (c.value == '&') {
            out += "&amp;";
        } else if (c.value == '"') {
            out += "&quot;";
        } else if (c.value == '\'') {
            out += "&#39;";
        } else {
            out += text.substr(at, c.size);
        }
        at += c.size > 0 ? c.size : 1;
    }
    return out;
}

std::string path_part(std::string_view name) {
    std::string out;
    for (char c : name) {
        auto byte = static_cast<unsigned char>(c);
        bool is_plain = byte < 0x80 && (std::isalnum(byte) != 0 || c == '_' || c == '-' || c == '.');
        out += is_plain ? std::string(1, c) : fmt::format("~{:02x}", byte);
    }
    return out;
}

std::string link(const std::string& href, std::string_view text, std::string_view style) {
    std::string attribute = style.empty() ? "" : fmt::format(" class=\"{}\"", style);
    return fmt::format("<a{} href=\"{}\">{}</a>", attribute, escaped(href), escaped(text));
}

std::string page_html(const Page& page) {
    std::string title = page.title == page.site ? page.site : fmt::format("{} – {}", page.title, page.site);
    return fmt::format(
        R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="{root}style.css">
</head>
<body data-root="{root}">
<a class="skip" href="#main">To the text</a>
<header>
<a class="home" href="{root}index.html">{site}</a>
<form role="search">
<label for="q">Search</label>
<input id="q" type="search" autocomplete="off" spellcheck="false" aria-controls="found">
</form>
</header>
<ul id="found" aria-label="Found" hidden></ul>
<main id="main">
{crumbs}{body}</main>
<footer>Made by nyxc {version}</footer>
<script src="{root}search.js"></script>
</body>
</html>
)",
        fmt::arg("title", escaped(title)), fmt::arg("root", page.root), fmt::arg("site", escaped(page.site)),
        fmt::arg("crumbs", page.crumbs), fmt::arg("body", page.body), fmt::arg("version", escaped(page.version)));
}

}  // namespace nyx::doc

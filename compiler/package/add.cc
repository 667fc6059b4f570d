#include "compiler/package/add.h"

#include <fmt/format.h>

#include <algorithm>

namespace nyx::package {

namespace {

// Between double quotes nothing but `"` and `\` has a meaning of its own (YAML 1.2, section 7.3.1).
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string entry_text(const Dependency& one) {
    return one.is_git() ? fmt::format("{}: {{ git: {}, rev: {} }}", one.name, quoted(one.git), one.rev)
                        : fmt::format("{}: {{ path: {} }}", one.name, quoted(one.path));
}

std::uint32_t end_of(const YamlNode& node) {
    std::uint32_t end = node.where.end;
    for (const YamlNode::Entry& entry : node.entries) end = std::max({end, entry.key_where.end, end_of(entry.value)});
    return end;
}

std::string_view line_end(std::string_view text) {
    std::size_t end = text.find('\n');
    return end != std::string_view::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

// A line of its own behind the one in which `at` is.
std::string with_line(std::string_view text, std::size_t at, const std::string& line) {
    std::string out(text);
    std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return out + std::string(line_end(text)) + line + std::string(line_end(text));
    return out.insert(end + 1, line + std::string(line_end(text)));
}

}  // namespace

std::string with_dependency(std::string_view text, const YamlNode& root, const Dependency& added) {
    std::string entry = entry_text(added);
    const YamlNode::Entry* all = root.find("dependencies");
    if (!all) {
        std::string out(text);
        if (!out.empty() && out.back() != '\n') out += line_end(text);
        return out + fmt::format("dependencies:{}  {}{}", line_end(text), entry, line_end(text));
    }
    bool is_map = all->value.kind == YamlNode::Kind::kMap;
    std::size_t begin = all->value.where.begin;
    if (is_map && text.substr(begin).starts_with('{'))
        return std::string(text).insert(begin + 1, fmt::format(" {}{}", entry, all->value.entries.empty() ? " " : ","));
    if (!is_map || all->value.entries.empty()) return with_line(text, all->key_where.end, "  " + entry);
    std::size_t key = all->value.entries.front().key_where.begin;
    std::size_t line = text.substr(0, key).rfind('\n') + 1;  // npos + 1 is 0
    return with_line(text, end_of(all->value), std::string(text.substr(line, key - line)) + entry);
}

}  // namespace nyx::package

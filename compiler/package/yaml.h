// A YAML file as a tree with places: maps, lists and texts. Tags, anchors and aliases are refused: a package file needs
// none, and they hide what it says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"

namespace nyx::package {

struct YamlNode {
    struct Entry;
    enum class Kind { kText, kList, kMap } kind = Kind::kText;
    std::string text;
    Span where;                  // of a text: the whole; of others: where they begin
    std::vector<Entry> entries;  // of a map, in the order written; of a list, without keys

    const Entry* find(std::string_view key) const;
};
struct YamlNode::Entry {
    std::string key;
    Span key_where;
    YamlNode value;
};

// Nothing after a diagnostic NY0710. A key that stands twice is one.
std::optional<YamlNode> parse_yaml(const source::SourceMap& sources, std::uint32_t file, diagnostics::Sink& sink);

}  // namespace nyx::package

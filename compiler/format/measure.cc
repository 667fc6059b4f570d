#include "compiler/format/measure.h"

#include "compiler/format/output.h"

namespace nyx::format {

bool Measure::take(int characters) {
    if (ended_) return false;
    left_ -= characters;
    return left_ >= 0;
}

bool Measure::add(TokenIndex index) {
    const Token& token = tokens_[index];
    int blanks = first_ || token.tight ? 0 : 1 + static_cast<int>(token.extra_blanks);
    first_ = false;
    std::size_t line = token.text.find('\n');
    if (!take(blanks + width_of(token.text.substr(0, line)))) return false;
    ended_ = line != std::string_view::npos;
    return !ended_;
}

bool Measure::add(const Node& node) {
    if (node.shape == Shape::kToken) return add(node.open);
    if (node.shape == Shape::kCase) return add_items(node);
    return add(node.open) && add_items(node) && take(node.keep_comma ? 1 : 0) && add(node.close);
}

bool Measure::add_items(const Node& node) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (i > 0 && !take(1)) return false;
        if (!add(node.items[i].nodes)) return false;
    }
    return true;
}

bool Measure::add(std::span<const Node> nodes) {
    for (const Node& node : nodes)
        if (!add(node)) return false;
    return true;
}

}  // namespace nyx::format

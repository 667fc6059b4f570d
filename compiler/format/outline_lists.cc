#include "compiler/format/outline_builder.h"

#include "compiler/format/tokens.h"

namespace nyx::format {

Node leaf(TokenIndex token) {
    Node node;
    node.open = node.close = token;
    return node;
}

Node OutlineBuilder::brackets(const Run& before) {
    Node node;
    node.open = next_;
    node.shape = shape_of(node, before);
    std::size_t count = before.nodes.size();
    bool declares =
        (count > 0 && is(before.nodes[count - 1].close, "fn")) ||
        (count > 1 && (is(before.nodes[count - 2].close, "fn") || is(before.nodes[count - 2].close, "device")));
    if (declares && node.shape == Shape::kArguments) mark_parameter_types();
    ++next_;
    take_items(node);
    node.close = next_;
    if (!at_end()) ++next_;
    refine(node);
    bool asserts = count == 1 && is(before.nodes[0].open, "assert") && node.items.size() > 1;
    if (asserts && ends_[node.close]) at(node.open).tight = true;
    settle(node);
    return node;
}

// What a bracket is that its content decides.
void OutlineBuilder::refine(Node& node) {
    if (node.shape == Shape::kMap) at(node.close).tight = true;
    if (node.shape == Shape::kTuple && node.items.size() == 1) {
        node.keep_comma = is(node.close - 1, ",");
        if (!node.keep_comma) node.shape = Shape::kPlain;
    }
    if (node.shape == Shape::kPlain && is(node.open, "[")) mark_slice(node);
}

Shape OutlineBuilder::shape_of(const Node& node, const Run& before) const {
    const Token& open = at(node.open);
    if (open.kind == WordKind::kMapOpen) return Shape::kMap;
    const Token* last = before.nodes.empty() ? nullptr : &at(before.nodes.back().close);
    bool keyword = last && last->kind == WordKind::kKeyword;
    bool suffix = last && !keyword && ends_value(*last);
    if (open.text == "[") return suffix || open.in_type || is_comprehension(node.open) ? Shape::kPlain : Shape::kArray;
    if (open.in_type) return Shape::kPlain;
    if (keyword && last->text == "fn") return Shape::kArguments;
    if (suffix) return Shape::kArguments;
    if (keyword && (last->text == "let" || last->text == "mut" || last->text == "const" || last->text == "for" ||
                    last->text == "catch"))
        return Shape::kPlain;
    return Shape::kTuple;
}

// [element for names in values]
bool OutlineBuilder::is_comprehension(TokenIndex open) const {
    for (TokenIndex i = open + 1; !closes(i) && at(i).kind != WordKind::kEndOfFile;) {
        if (at(i).kind == WordKind::kKeyword && is(i, "for")) return true;
        i = is(i, "(") || is(i, "[") || is(i, "{") ? behind_brackets(i) : i + 1;
    }
    return false;
}

void OutlineBuilder::take_items(Node& node) {
    while (!at_end() && !closes(next_)) {
        if (!take_item(node)) return;
    }
}

// An item and the `,` behind it. In kPlain everything is one item.
bool OutlineBuilder::take_item(Node& node) {
    TokenIndex start = next_;
    Run item;
    while (!at_end() && !closes(next_)) {
        if (node.shape != Shape::kPlain && is(next_, ",") && !at(next_).in_type) break;
        take_part(item, {}, Body::kCode);
    }
    if (!item.nodes.empty()) {
        settle(item);
        node.items.push_back(std::move(item));
    }
    if (node.shape != Shape::kPlain && is(next_, ",")) ++next_;
    return next_ > start;
}

void OutlineBuilder::mark_slice(Node& node) {
    for (const Run& item : node.items)
        for (const Node& part : item.nodes)
            if (part.shape == Shape::kToken && is(part.open, ":")) at(part.open).in_slice = true;
}

}  // namespace nyx::format

#include "compiler/format/printer.h"

#include <algorithm>

#include "compiler/format/measure.h"
#include "compiler/format/tokens.h"

namespace nyx::format {

namespace {

bool holds_statements(const Node& node) {
    return node.shape == Shape::kBlock || node.shape == Shape::kCase;
}

}  // namespace

std::string Printer::print() {
    statements(outline_.statements, 0);
    TokenIndex end = static_cast<TokenIndex>(tokens_.size() - 1);
    tokens_[end].blank_line_before = false;
    if (has_comments(end)) begin_line(end, 0, !out_.empty());
    return out_.finish();
}

// ---- Lines

void Printer::statements(const std::vector<Run>& list, int indent) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        begin_line(first_token(list[i]), indent, i > 0);
        run(list[i], {indent, indent + kIndent, 0});
    }
}

// The comments before a statement or an item, and the line on which it begins.
void Printer::begin_line(TokenIndex first, int indent, bool may_have_blank_line) {
    Token& token = tokens_[first];
    for (const Comment& comment : token.comments) {
        if (!comment.own_line && !out_.at_line_start()) {
            out_.end_comment(comment.text);
            continue;
        }
        out_.newline(indent);
        if (comment.after_blank_line && may_have_blank_line) out_.blank_line();
        out_.put(comment.text);
        may_have_blank_line = true;
    }
    token.comments_written = true;
    out_.newline(indent);
    if (token.blank_line_before && may_have_blank_line) out_.blank_line();
}

void Printer::run(const Run& run, Place place) {
    if (!run.hard && fits(run.nodes, place.trail)) return flat(run.nodes, place.more);
    if (with_doc(run.nodes, place)) return;
    if (std::any_of(run.nodes.begin(), run.nodes.end(), holds_statements)) return with_blocks(run, place);
    pieces(run.nodes, place);
}

// `field: type = value """doc"""`: the doc goes below where it does not fit.
bool Printer::with_doc(Nodes nodes, Place place) {
    if (nodes.size() < 3) return false;
    const Node& doc = nodes.back();
    const Token& value_end = token(nodes[nodes.size() - 2].close);
    bool documents = doc.shape == Shape::kToken && token(doc.open).text.starts_with(R"(""")") && ends_value(value_end);
    if (!documents) return false;
    pieces(nodes.first(nodes.size() - 1), {place.indent, place.more, 0});
    if (!fits(nodes.last(1), place.trail)) out_.newline(place.indent + kIndent);
    put(doc.open, place.indent + kIndent);
    return true;
}

// A statement with blocks of which one is broken: then all are.
void Printer::with_blocks(const Run& run, Place place) {
    Nodes nodes = run.nodes;
    std::size_t start = 0;
    int more = place.indent + 2 * kIndent;  // deeper than the block's statements
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!holds_statements(nodes[i])) continue;
        if (i > start) {
            if (start > 0) comments(tokens_[nodes[start].open], place.indent);
            pieces(nodes.subspan(start, i - start), {place.indent, more, nodes[i].shape == Shape::kBlock ? 2 : 0});
        }
        bracket(nodes[i], {place.indent, more, 0});
        start = i + 1;
    }
    if (start < nodes.size()) pieces(nodes.subspan(start), place);
}

void Printer::broken_block(const Node& block, int indent) {
    put(block.open, indent);
    if (block.of_machine) align_fields(block.items);
    statements(block.items, indent + kIndent);
    comments(tokens_[block.close], indent + kIndent);
    out_.newline(indent);
    put(block.close, indent);
}

// The `=` of fields on consecutive lines of a machine or device stand under each other.
void Printer::align_fields(const std::vector<Run>& list) {
    auto is_field = [&](const Run& run) {
        return run.nodes.size() > 2 && token(run.nodes[0].open).kind == WordKind::kName && is(run.nodes[1], "=");
    };
    auto goes_on = [&](const Run& run) {
        const Token& first = token(first_token(run));
        bool own_line =
            std::any_of(first.comments.begin(), first.comments.end(), [](const Comment& c) { return c.own_line; });
        return is_field(run) && !own_line && !first.blank_line_before;
    };
    for (std::size_t first = 0, last = 0; first < list.size(); first = last) {
        last = first + 1;
        if (!is_field(list[first])) continue;
        while (last < list.size() && goes_on(list[last])) ++last;
        std::size_t longest = 0;
        for (std::size_t i = first; i < last; ++i) longest = std::max(longest, token(first_token(list[i])).text.size());
        for (std::size_t i = first; i < last; ++i) {
            auto blanks = longest - token(first_token(list[i])).text.size();
            tokens_[list[i].nodes[1].open].extra_blanks = static_cast<std::uint32_t>(blanks);
        }
    }
}

// ---- On one line

void Printer::flat(Nodes nodes, int indent) {
    for (const Node& node : nodes) flat(node, indent);
}

void Printer::flat(const Node& node, int indent) {
    if (node.shape == Shape::kToken) return put(node.open, indent);
    if (node.shape != Shape::kCase) put(node.open, indent);
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (i > 0) out_.put(holds_statements(node) ? std::string_view(&node.items[i - 1].separator, 1) : ",");
        flat(node.items[i].nodes, indent);
    }
    if (node.keep_comma) out_.put(",");
    if (node.shape != Shape::kCase) put(node.close, indent);
}

void Printer::put(TokenIndex index, int indent) {
    Token& token = tokens_[index];
    comments(token, indent);
    if (!out_.at_line_start() && !token.tight) out_.put(std::string(1 + token.extra_blanks, ' '));
    out_.put(token.text);
}

// Comments in the middle of a statement, each with the end of its line.
void Printer::comments(Token& token, int indent) {
    if (token.comments_written) return;
    token.comments_written = true;
    for (const Comment& comment : token.comments) {
        if (!comment.own_line && !out_.at_line_start()) {
            out_.end_comment(comment.text);
        } else {
            out_.newline(indent);
            out_.put(comment.text);
        }
        out_.newline(indent);
    }
}

// ---- Measures

bool Printer::fits(Nodes nodes, int trail) const {
    Measure measure(tokens_, kWidth - out_.column(), out_.at_line_start());
    if (measure.add(nodes)) measure.take(trail);
    return measure.fits();
}

bool Printer::hard(Nodes nodes) const {
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (nodes[i].hard || (i > 0 && has_comments(nodes[i].open))) return true;
    return chain_broken(nodes);
}

// Calls that stood on lines of their own stay there.
bool Printer::chain_broken(Nodes nodes) const {
    bool calls = false, dot_line = false;
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        if (!is(nodes[i], ".") && !is(nodes[i], "?.")) continue;
        dot_line |= token(nodes[i].open).newline_before;
        calls |= i + 2 < nodes.size() && nodes[i + 2].shape == Shape::kArguments;
    }
    return calls && dot_line;
}

}  // namespace nyx::format

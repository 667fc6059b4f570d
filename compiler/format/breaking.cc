// Where a line that is too long is broken.
#include <algorithm>

#include "compiler/format/measure.h"
#include "compiler/format/printer.h"

namespace nyx::format {

namespace {

constexpr int kShortItem = 30;  // lists of such items fill their lines

// A line may end behind these; behind a `>` it would be the end of a type, and the others bind what belongs together.
bool breakable(std::uint8_t precedence) {
    return precedence != 0 && (precedence < 8 || precedence > 11);
}

// `print("…")`: a line of its own would not make the string shorter.
bool is_string_alone(const Node& list, const std::vector<Token>& tokens) {
    const auto& nodes = list.items[0].nodes;
    return list.items.size() == 1 && nodes.size() == 1 && tokens[nodes[0].open].kind == WordKind::kString;
}

bool is_bracket(const Node& node) {
    return node.shape != Shape::kToken && node.shape != Shape::kCase;
}

}  // namespace

void Printer::pieces(Nodes nodes, Place place) {
    if (nodes.empty()) return;
    if (!hard(nodes) && fits(nodes, place.trail)) return flat(nodes, place.more);
    std::vector<std::size_t> starts = after_commas(nodes);
    if (starts.empty()) starts = around_operators(nodes);
    if (starts.empty()) starts = before_calls(nodes);
    if (at_last_bracket(nodes, starts, place)) return;
    starts.empty() ? at_brackets(nodes, place) : split(nodes, starts, place);
}

// What must be broken anyway is the last bracket, and what stands before it fits: `x = a + f(fn() {`.
bool Printer::at_last_bracket(Nodes nodes, const std::vector<std::size_t>& starts, Place place) {
    const Node& last = nodes.back();
    Nodes before = nodes.first(nodes.size() - 1);
    if (!is_bracket(last) || last.items.empty() || hard(before) || has_comments(last.open) || chain_broken(nodes))
        return false;
    if (!last.hard) {
        if (starts.empty()) return false;
        Measure alone(tokens_, kWidth - place.more, true);
        if (alone.add(nodes.subspan(starts.back()))) alone.take(place.trail);
        if (alone.fits()) return false;
    }
    Measure measure(tokens_, kWidth - out_.column(), out_.at_line_start());
    if (!measure.add(before) || !measure.add_opener(last)) return false;
    flat(before, place.more);
    bracket(last, place);
    return true;
}

// Where pieces begin: behind the commas of a statement,
std::vector<std::size_t> Printer::after_commas(Nodes nodes) const {
    std::vector<std::size_t> starts;
    bool names = std::any_of(nodes.begin(), nodes.end(), [&](const Node& n) { return is(n, "for"); });
    if (names || is(nodes[0], "let") || is(nodes[0], "const")) return starts;
    for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
        bool separates = (is(nodes[i], ",") || is(nodes[i], ";")) && !token(nodes[i].open).in_type;
        if (separates) starts.push_back(i + 1);
    }
    return starts;
}

// or behind its loosest operators, in a comprehension before `for` and `if`,
std::vector<std::size_t> Printer::around_operators(Nodes nodes) const {
    std::vector<std::size_t> starts;
    auto precedence = [&](std::size_t i) {
        return nodes[i].shape == Shape::kToken ? token(nodes[i].open).precedence : std::uint8_t{0};
    };
    bool comprehension = std::any_of(nodes.begin() + 1, nodes.end(), [&](const Node& n) { return is(n, "for"); });
    std::uint8_t loosest = 255;
    for (std::size_t i = 1; i + 1 < nodes.size(); ++i) {
        if (comprehension && (is(nodes[i], "for") || is(nodes[i], "if"))) starts.push_back(i);
        if (breakable(precedence(i))) loosest = std::min(loosest, precedence(i));
    }
    for (std::size_t i = 1; !comprehension && i + 1 < nodes.size(); ++i)
        if (precedence(i) == loosest) starts.push_back(i + 1);
    return starts;
}

// or before every call of a chain. One call alone stays with its object.
std::vector<std::size_t> Printer::before_calls(Nodes nodes) const {
    std::vector<std::size_t> starts;
    for (std::size_t i = 1; i + 2 < nodes.size(); ++i) {
        bool dot = is(nodes[i], ".") || is(nodes[i], "?.");
        if (dot && nodes[i + 2].shape == Shape::kArguments) starts.push_back(i);
    }
    if (starts.size() < 2 && !chain_broken(nodes)) starts.clear();
    return starts;
}

// Each piece on a line of its own, from the second on further to the right. Imported names fill their lines.
void Printer::split(Nodes nodes, const std::vector<std::size_t>& starts, Place place) {
    pieces(nodes.first(starts[0]), {place.indent, place.more, 0});
    for (std::size_t i = 0; i < starts.size(); ++i) {
        bool last = i + 1 == starts.size();
        std::size_t end = last ? nodes.size() : starts[i + 1];
        Nodes piece = nodes.subspan(starts[i], end - starts[i]);
        if (!is(nodes[0], "from") || !fits(piece, 0)) begin_line(piece[0].open, place.more, false);
        pieces(piece, {place.more, place.more + kIndent, last ? place.trail : 0});
    }
}

// A bracket is broken where what follows up to the next one would not fit.
void Printer::at_brackets(Nodes nodes, Place place) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Node& node = nodes[i];
        if (!is_bracket(node)) {
            flat(node, place.more);
            continue;
        }
        Nodes rest = nodes.subspan(i + 1);
        auto next =
            std::find_if(rest.begin(), rest.end(), [](const Node& n) { return is_bracket(n) && !n.items.empty(); });
        Measure measure(tokens_, kWidth - out_.column(), out_.at_line_start());
        bool goes_on = measure.add(node) && measure.add(rest.first(static_cast<std::size_t>(next - rest.begin())));
        if (goes_on) next == rest.end() ? measure.take(place.trail) : measure.add_opener(*next);
        if (!node.hard && measure.fits())
            flat(node, place.more);
        else
            bracket(node, {place.indent, place.more, next == rest.end() ? place.trail : 0});
    }
}

void Printer::bracket(const Node& node, Place place) {
    if (node.shape == Shape::kCase) return statements(node.items, place.indent + kIndent);
    if (node.items.empty() && !has_comments(node.close)) return flat(node, place.more);
    if (node.shape == Shape::kBlock) return broken_block(node, place.indent);
    if (is_list(node.shape)) {
        if (!hugging(node, place)) items(node, place.indent);
        return;
    }
    if (is_comprehension(node)) return comprehension(node, place.indent);
    put(node.open, place.more);
    for (const Run& item : node.items) run(item, {place.indent, place.more, place.trail + 1});
    comments(tokens_[node.close], place.more);
    if (out_.at_line_start()) out_.newline(place.indent);
    put(node.close, place.indent);
}

bool Printer::is_comprehension(const Node& node) const {
    if (token(node.open).text != "[" || node.items.empty()) return false;
    const auto& nodes = node.items[0].nodes;
    return std::any_of(nodes.begin(), nodes.end(), [&](const Node& n) { return is(n, "for"); });
}

// Element, `for` and `if` under each other.
void Printer::comprehension(const Node& node, int indent) {
    int inner = indent + kIndent;
    put(node.open, indent);
    begin_line(first_token(node.items[0]), inner, false);
    pieces(node.items[0].nodes, {inner, inner, 0});
    comments(tokens_[node.close], inner);
    out_.newline(indent);
    put(node.close, indent);
}

// `f(a, b, fn(x) {` … `})`: only the last argument is broken.
bool Printer::hugging(const Node& node, Place place) {
    if (node.shape != Shape::kArguments || node.items.empty() || has_comments(node.close)) return false;
    if (token(first_token(node.items[0])).newline_before) return false;
    if (!node.hard && is_string_alone(node, tokens_)) return flat(node, place.more), true;
    const Run& last = node.items.back();
    const Node& end = last.nodes.back();
    bool huggable = end.shape == Shape::kBlock || end.shape == Shape::kMap || end.shape == Shape::kArray;
    if (!huggable || end.items.empty()) return false;
    Measure measure(tokens_, kWidth - out_.column(), out_.at_line_start());
    measure.add_opener(node);
    for (const Run& item : node.items) {
        Nodes before = Nodes(item.nodes).first(item.nodes.size() - (&item == &last ? 1 : 0));
        if (hard(before) || has_comments(first_token(item)) || !measure.add(before)) return false;
        if (&item != &last) measure.take(1);
    }
    if (has_comments(end.open) || !measure.add_opener(end)) return false;
    put(node.open, place.more);
    for (const Run& item : node.items) {
        if (&item == &last) break;
        flat(item.nodes, place.more);
        out_.put(",");
    }
    flat(Nodes(last.nodes).first(last.nodes.size() - 1), place.more);
    bracket(end, {place.indent, place.more, place.trail + 1});
    put(node.close, place.indent);
    return true;
}

// Items on lines of their own, each with a `,`; short ones fill the lines if they did before.
void Printer::items(const Node& node, int indent) {
    int inner = indent + kIndent;
    bool fill = fills(node, inner);
    put(node.open, indent);
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const Run& item = node.items[i];
        bool last = i + 1 == node.items.size();
        if (!fill || i == 0 || !fits(item.nodes, last ? 0 : 1)) begin_line(first_token(item), inner, i > 0 && !fill);
        run(item, {inner, inner + kIndent, 1});
        if (!fill || !last) out_.put(",");
    }
    comments(tokens_[node.close], inner);
    out_.newline(indent);
    put(node.close, indent);
}

bool Printer::fills(const Node& node, int indent) const {
    if ((node.shape != Shape::kArray && node.shape != Shape::kMap) || node.items.size() < 2) return false;
    if (has_comments(node.close)) return false;
    bool side_by_side = false;
    int first_two = indent;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const Run& item = node.items[i];
        Measure measure(tokens_, kShortItem, true);
        bool words =
            std::all_of(item.nodes.begin(), item.nodes.end(), [](const Node& n) { return n.shape == Shape::kToken; });
        if (!words || item.hard || has_comments(first_token(item)) || !measure.add(item.nodes)) return false;
        side_by_side |= i > 0 && !token(first_token(item)).newline_before;
        if (i < 2) first_two += kShortItem - measure.left() + 2;
    }
    return side_by_side && first_two <= kWidth;
}

}  // namespace nyx::format

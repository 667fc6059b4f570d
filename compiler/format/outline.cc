#include "compiler/format/outline.h"

#include <algorithm>

#include "compiler/format/tokens.h"

namespace nyx::format {

namespace {

// What a block belongs to decides how its statements are separated and whether its fields are aligned.
enum class Body : std::uint8_t { kCode, kFields, kMachine, kSwitch, kMatch };

class Builder {
  public:
    Builder(std::vector<Token>& tokens, const std::vector<bool>& ends) : tokens_(tokens), ends_(ends) {
        newlines_.reserve(tokens.size() + 1);
        std::uint32_t count = 0;
        for (const Token& token : tokens) {
            count += token.newline_before ? 1 : 0;
            newlines_.push_back(count);
            if (token.text.find('\n') != std::string_view::npos) ++count;
        }
    }

    std::vector<Run> statements(Body body);

  private:
    Run statement(Body body);
    void take_part(Run& run, std::string_view head, Body body);
    void mark_header();
    Node block(Body body);
    Node brackets(const Run& before);
    Node case_body(TokenIndex colon);
    Shape shape_of(const Node& node, const Run& before) const;
    bool is_comprehension(TokenIndex open) const;
    void take_items(Node& node);
    bool take_item(Node& node);
    void mark_slice(Node& node);
    void refine(Node& node);
    TokenIndex mark(TokenIndex i) {
        at(i).in_type = true;
        return i + 1;
    }
    TokenIndex mark_type(TokenIndex i);
    TokenIndex mark_fn_type(TokenIndex i);
    TokenIndex mark_named_type(TokenIndex i);
    TokenIndex mark_types(TokenIndex i, std::string_view close);
    TokenIndex behind_brackets(TokenIndex open) const;
    void mark_declared_type(TokenIndex i);
    void mark_parameter_types();
    void settle(Run& run) const;
    void settle(Node& node) const;
    void join_docs(std::vector<Run>& list) const;

    Token& at(TokenIndex i) { return tokens_[std::min<std::size_t>(i, tokens_.size() - 1)]; }
    const Token& at(TokenIndex i) const { return tokens_[std::min<std::size_t>(i, tokens_.size() - 1)]; }
    bool is(TokenIndex i, std::string_view text) const { return at(i).kind != WordKind::kString && at(i).text == text; }
    bool at_end() const { return at(next_).kind == WordKind::kEndOfFile; }
    bool closes(TokenIndex i) const { return is(i, ")") || is(i, "]") || is(i, "}"); }
    bool one_line(TokenIndex open, TokenIndex close) const { return newlines_[open] == newlines_[close]; }

    std::vector<Token>& tokens_;
    const std::vector<bool>& ends_;
    std::vector<std::uint32_t> newlines_;  // up to each token
    TokenIndex next_ = 0;
};

Node leaf(TokenIndex token) {
    Node node;
    node.open = node.close = token;
    return node;
}

Body body_of(std::string_view head, Body around) {
    if (head == "switch") return Body::kSwitch;
    if (head == "match") return Body::kMatch;
    if (head == "class" || head == "schema") return Body::kFields;
    if (head == "machine") return Body::kMachine;
    bool code = head == "on" || head == "test" || head == "fn" || head == "let" || head == "const";
    return around == Body::kMachine && !code ? Body::kMachine : Body::kCode;
}

std::vector<Run> Builder::statements(Body body) {
    std::vector<Run> list;
    while (!at_end() && !closes(next_)) {
        Run run = statement(body);
        if (!run.nodes.empty()) list.push_back(std::move(run));
    }
    if (body == Body::kFields) join_docs(list);
    for (Run& run : list) settle(run);
    return list;
}

// Up to the end of the statement. `else` and the like follow a block without one.
Run Builder::statement(Body body) {
    Run run;
    bool keyword = at(next_).kind == WordKind::kKeyword;
    std::string_view head = keyword ? at(next_).text : std::string_view();
    bool is_case = body == Body::kSwitch && (head == "case" || head == "default");
    bool commas = body == Body::kMatch || (body == Body::kFields && head != "fn");
    mark_declared_type(next_);
    if (head == "class" || head == "machine" || head == "schema") mark_header();
    for (bool ended = false; !ended && !at_end() && !closes(next_); ended = ends_[next_ - 1]) {
        TokenIndex i = next_;
        if (commas && is(i, ",") && !at(i).in_type) {
            run.separator = ',';
            ++next_;
            return run;
        }
        take_part(run, head, body);
        if (!is_case || !is(i, ":")) continue;
        run.nodes.push_back(case_body(i));
        return run;
    }
    return run;
}

void Builder::take_part(Run& run, std::string_view head, Body body) {
    TokenIndex i = next_;
    if (at(i).kind == WordKind::kBlockOpen) {
        run.nodes.push_back(block(body_of(head, body)));
    } else if (is(i, "(") || is(i, "[") || at(i).kind == WordKind::kMapOpen) {
        // `on event(arguments) (parameters)`
        at(i).apart = head == "on" && !run.nodes.empty() && run.nodes.back().shape == Shape::kArguments;
        run.nodes.push_back(brackets(run));
    } else {
        run.nodes.push_back(leaf(next_++));
        if (is(i, "->") || (head == "typealias" && is(i, "="))) mark_type(next_);
    }
}

// The `:` before the base.
void Builder::mark_header() {
    for (TokenIndex i = next_; at(i).kind != WordKind::kBlockOpen && at(i).kind != WordKind::kEndOfFile; ++i)
        at(i).apart = is(i, ":");
}

Node Builder::block(Body body) {
    Node node;
    node.shape = Shape::kBlock;
    node.open = next_++;
    node.of_machine = body == Body::kMachine;
    node.items = statements(body);
    node.close = next_;
    if (!at_end()) ++next_;
    settle(node);
    return node;
}

// The statements up to the next `case`. A block alone is as good as the braces of the case.
Node Builder::case_body(TokenIndex colon) {
    Node node;
    node.shape = Shape::kCase;
    node.open = node.close = colon;
    while (!at_end() && !closes(next_)) {
        bool another = at(next_).kind == WordKind::kKeyword && (is(next_, "case") || is(next_, "default"));
        if (another) break;
        Run run = statement(Body::kCode);
        if (run.nodes.empty()) continue;
        settle(run);
        node.items.push_back(std::move(run));
        node.close = next_ - 1;
    }
    settle(node);
    bool braces = node.items.size() == 1 && node.items[0].nodes.size() == 1;
    if (braces && node.items[0].nodes[0].shape == Shape::kBlock) {
        Node inner = std::move(node.items[0].nodes[0]);
        return inner;
    }
    return node;
}

Node Builder::brackets(const Run& before) {
    Node node;
    node.open = next_;
    node.shape = shape_of(node, before);
    std::size_t count = before.nodes.size();
    bool declares = (count > 0 && is(before.nodes[count - 1].close, "fn")) ||
                    (count > 1 && is(before.nodes[count - 2].close, "fn"));
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
void Builder::refine(Node& node) {
    if (node.shape == Shape::kMap) at(node.close).tight = true;
    if (node.shape == Shape::kTuple && node.items.size() == 1) {
        node.keep_comma = is(node.close - 1, ",");
        if (!node.keep_comma) node.shape = Shape::kPlain;
    }
    if (node.shape == Shape::kPlain && is(node.open, "[")) mark_slice(node);
}

Shape Builder::shape_of(const Node& node, const Run& before) const {
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
bool Builder::is_comprehension(TokenIndex open) const {
    for (TokenIndex i = open + 1; !closes(i) && at(i).kind != WordKind::kEndOfFile;) {
        if (at(i).kind == WordKind::kKeyword && is(i, "for")) return true;
        i = is(i, "(") || is(i, "[") || is(i, "{") ? behind_brackets(i) : i + 1;
    }
    return false;
}

void Builder::take_items(Node& node) {
    while (!at_end() && !closes(next_)) {
        if (!take_item(node)) return;
    }
}

// An item and the `,` behind it. In kPlain everything is one item.
bool Builder::take_item(Node& node) {
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

void Builder::mark_slice(Node& node) {
    for (const Run& item : node.items)
        for (const Node& part : item.nodes)
            if (part.shape == Shape::kToken && is(part.open, ":")) at(part.open).in_slice = true;
}

// Marks the type that begins at i, without taking it; returns what follows. (grammar: type)
TokenIndex Builder::mark_type(TokenIndex i) {
    if (is(i, "fn")) {
        i = mark_fn_type(i);
    } else if (is(i, "[")) {
        i = mark_type(mark(i));
        if (is(i, "]")) i = mark(i);
    } else {
        i = mark_named_type(i);
    }
    return is(i, "?") ? mark(i) : i;
}

TokenIndex Builder::mark_fn_type(TokenIndex i) {
    i = mark(i);
    if (is(i, "(")) i = mark_types(mark(i), ")");
    return is(i, "->") ? mark_type(mark(i)) : i;
}

TokenIndex Builder::mark_named_type(TokenIndex i) {
    if (at(i).kind != WordKind::kName && at(i).kind != WordKind::kValue) return i;
    i = mark(i);
    while (is(i, ".")) i = mark(mark(i));
    if (is(i, "<")) i = mark_types(mark(i), ">");
    return is(i, "(") ? behind_brackets(i) : i;  // arguments are expressions
}

TokenIndex Builder::mark_types(TokenIndex i, std::string_view close) {
    while (at(i).kind != WordKind::kEndOfFile && !is(i, close)) {
        TokenIndex after = is(i, ",") ? mark(i) : mark_type(i);
        if (after == i) return i;
        i = after;
    }
    return mark(i);
}

TokenIndex Builder::behind_brackets(TokenIndex open) const {
    int depth = 0;
    TokenIndex i = open;
    do {
        if (is(i, "(") || is(i, "[") || is(i, "{")) ++depth;
        if (closes(i)) --depth;
        ++i;
    } while (depth > 0 && at(i).kind != WordKind::kEndOfFile);
    return i;
}

// `let a, b: type`, and a field's `a: type`.
void Builder::mark_declared_type(TokenIndex i) {
    bool binds = at(i).kind == WordKind::kKeyword && (is(i, "let") || is(i, "const"));
    if (binds) ++i;
    if (binds && is(i, "mut")) ++i;
    while (binds && at(i).kind == WordKind::kName && is(i + 1, ",")) i += 2;
    bool names = at(i).kind == WordKind::kName || (binds && is(i, "("));
    i = is(i, "(") ? behind_brackets(i) : i + 1;
    if (names && is(i, ":")) mark_type(i + 1);
}

// The types of a parameter list that opens at next_.
void Builder::mark_parameter_types() {
    for (TokenIndex i = next_ + 1; at(i).kind != WordKind::kEndOfFile && !closes(i);) {
        bool nested = is(i, "(") || is(i, "[") || is(i, "{");
        if (nested)
            i = behind_brackets(i);
        else
            i = is(i, ":") ? std::max(mark_type(i + 1), i + 1) : i + 1;
    }
}

// A string on the line below a field documents it.
void Builder::join_docs(std::vector<Run>& list) const {
    auto is_doc = [&](const Run& run) {
        return run.nodes.size() == 1 && run.nodes[0].shape == Shape::kToken &&
               at(run.nodes[0].open).kind == WordKind::kString && at(run.nodes[0].open).text.starts_with(R"(""")") &&
               at(run.nodes[0].open).comments.empty();
    };
    auto is_field = [&](const Run& run) {
        const Token& first = at(first_token(run));
        bool named = first.kind == WordKind::kName || first.text == "let" || first.text == "const";
        const Token& last = at(run.nodes.back().close);
        return named && run.separator == ';' && !last.text.starts_with(R"(""")");
    };
    std::vector<Run> joined;
    for (Run& run : list) {
        if (!joined.empty() && is_doc(run) && is_field(joined.back())) {
            joined.back().nodes.push_back(std::move(run.nodes[0]));
            joined.back().separator = run.separator;
        } else {
            joined.push_back(std::move(run));
        }
    }
    list = std::move(joined);
}

// ---- What cannot stand on one line

void Builder::settle(Run& run) const {
    bool call_chain = false, dot_line = false;
    for (std::size_t i = 0; i < run.nodes.size(); ++i) {
        const Node& node = run.nodes[i];
        bool first = i == 0;
        if (node.hard || (!first && !at(node.open).comments.empty())) run.hard = true;
        bool dot = node.shape == Shape::kToken && (is(node.open, ".") || is(node.open, "?."));
        if (!dot) continue;
        dot_line |= at(node.open).newline_before;
        call_chain |= i + 2 < run.nodes.size() && run.nodes[i + 2].shape == Shape::kArguments;
    }
    if (call_chain && dot_line) run.hard = true;
}

void Builder::settle(Node& node) const {
    bool inside = !at(node.close).comments.empty() && node.shape != Shape::kCase;
    for (const Run& item : node.items) inside |= item.hard || !at(first_token(item)).comments.empty();
    bool apart = false;
    if (node.shape == Shape::kBlock && !node.items.empty()) apart = !one_line(node.open, node.close);
    if (node.shape == Shape::kCase && !node.items.empty()) apart = !one_line(node.open, node.close);
    if (is_list(node.shape) && !node.items.empty()) apart = at(first_token(node.items[0])).newline_before;
    node.hard = inside || apart;
}

}  // namespace

bool is_list(Shape shape) {
    return shape == Shape::kArguments || shape == Shape::kTuple || shape == Shape::kArray || shape == Shape::kMap;
}

TokenIndex first_token(const Run& run) {
    return run.nodes.front().open;
}

Outline outline(std::string_view text, const std::vector<syntax::Word>& words) {
    TokenStream stream = read_tokens(text, words);
    Outline result;
    Builder builder(stream.tokens, stream.ends);
    result.statements = builder.statements(Body::kCode);
    set_blanks(stream.tokens);
    result.tokens = std::move(stream.tokens);
    return result;
}

}  // namespace nyx::format

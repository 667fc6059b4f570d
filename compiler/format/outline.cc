#include "compiler/format/outline.h"

#include "compiler/format/outline_builder.h"
#include "compiler/format/tokens.h"

namespace nyx::format {

namespace {

Body body_of(std::string_view head, Body around) {
    if (head == "switch") return Body::kSwitch;
    if (head == "match") return Body::kMatch;
    if (head == "class" || head == "schema") return Body::kFields;
    if (head == "state" || head == "since" || head == "reg" || head == "enum") return Body::kFields;
    if (head == "machine") return Body::kMachine;
    bool code = head == "on" || head == "test" || head == "fn" || head == "let" || head == "const";
    return around == Body::kMachine && !code ? Body::kMachine : Body::kCode;
}

}  // namespace

std::vector<Run> OutlineBuilder::statements(Body body) {
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
Run OutlineBuilder::statement(Body body) {
    Run run;
    bool keyword = at(next_).kind == WordKind::kKeyword;
    std::string_view head = keyword ? at(next_).text : std::string_view();
    bool is_case = body == Body::kSwitch && (head == "case" || head == "default");
    bool commas = body == Body::kMatch || (body == Body::kFields && head != "fn");
    mark_declared_type(next_);
    if (head == "class" || head == "machine" || head == "schema" || head == "device") mark_header();
    if (head == "host") mark_port_types();
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

void OutlineBuilder::take_part(Run& run, std::string_view head, Body body) {
    TokenIndex i = next_;
    if (at(i).kind == WordKind::kBlockOpen) {
        run.nodes.push_back(block(body_of(head, body)));
    } else if (is(i, "(") || is(i, "[") || at(i).kind == WordKind::kMapOpen) {
        // `on event(arguments) (parameters)`, `migrate 1 -> 2 (old)`
        at(i).apart =
            head == "migrate" || (head == "on" && !run.nodes.empty() && run.nodes.back().shape == Shape::kArguments);
        run.nodes.push_back(brackets(run));
    } else {
        run.nodes.push_back(leaf(next_++));
        if ((is(i, "->") && head != "migrate") || (head == "typealias" && is(i, "="))) mark_type(next_);
    }
}

// The `:` before the base.
void OutlineBuilder::mark_header() {
    for (TokenIndex i = next_; at(i).kind != WordKind::kBlockOpen && at(i).kind != WordKind::kEndOfFile;) {
        at(i).apart = is(i, ":");
        i = is(i, "(") ? behind_brackets(i) : i + 1;
    }
}

Node OutlineBuilder::block(Body body) {
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
Node OutlineBuilder::case_body(TokenIndex colon) {
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

// A string on the line below a field documents it.
void OutlineBuilder::join_docs(std::vector<Run>& list) const {
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

void OutlineBuilder::settle(Run& run) const {
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

void OutlineBuilder::settle(Node& node) const {
    bool inside = !at(node.close).comments.empty() && node.shape != Shape::kCase;
    for (const Run& item : node.items) inside |= item.hard || !at(first_token(item)).comments.empty();
    bool apart = false;
    if (node.shape == Shape::kBlock && !node.items.empty()) apart = !one_line(node.open, node.close);
    if (node.shape == Shape::kCase && !node.items.empty()) apart = !one_line(node.open, node.close);
    if (is_list(node.shape) && !node.items.empty()) apart = at(first_token(node.items[0])).newline_before;
    node.hard = inside || apart;
}

bool is_list(Shape shape) {
    return shape == Shape::kArguments || shape == Shape::kTuple || shape == Shape::kArray || shape == Shape::kMap;
}

TokenIndex first_token(const Run& run) {
    return run.nodes.front().open;
}

Outline outline(std::string_view text, const std::vector<syntax::Word>& words) {
    TokenStream stream = read_tokens(text, words);
    Outline result;
    OutlineBuilder builder(stream.tokens, stream.ends);
    result.statements = builder.statements(Body::kCode);
    set_blanks(stream.tokens);
    result.tokens = std::move(stream.tokens);
    return result;
}

}  // namespace nyx::format

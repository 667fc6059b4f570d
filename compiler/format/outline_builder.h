// The outline as it is made: the words, which of them end statements, and where it has come to.
// outline.cc takes statements and blocks, outline_lists.cc brackets and what is between them, outline_types.cc marks
// types.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/format/outline.h"

namespace nyx::format {

// What a block belongs to decides how its statements are separated and whether its fields are aligned.
enum class Body : std::uint8_t { kCode, kFields, kMachine, kSwitch, kMatch };

class OutlineBuilder {
  public:
    OutlineBuilder(std::vector<Token>& tokens, const std::vector<bool>& ends) : tokens_(tokens), ends_(ends) {
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
    void mark_port_types();
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

Node leaf(TokenIndex token);

}  // namespace nyx::format

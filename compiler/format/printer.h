// An outline to text in the one style (docs/style-of-nyx.md).
//
// What fits on a line and stood on one stays on it. What does not is broken at its loosest place: commas of a
// statement, operators from the loosest precedence on, calls of a chain, then brackets from the last on.
#pragma once

#include <span>
#include <string>

#include "compiler/format/outline.h"
#include "compiler/format/output.h"

namespace nyx::format {

class Printer {
  public:
    explicit Printer(Outline& outline) : tokens_(outline.tokens), outline_(outline) {}

    std::string print();

  private:
    using Nodes = std::span<const Node>;

    // indent: of the line at hand; more: of the lines that continue it; trail: characters that follow on its last line.
    struct Place {
        int indent = 0;
        int more = 0;
        int trail = 0;
    };

    // printer.cc
    void statements(const std::vector<Run>& list, int indent);
    void begin_line(TokenIndex first, int indent, bool may_have_blank_line);
    void run(const Run& run, Place place);
    void with_blocks(const Run& run, Place place);
    void broken_block(const Node& block, int indent);
    void broken_case(const Node& body, int indent);
    void align_fields(const std::vector<Run>& list);
    bool with_doc(Nodes nodes, Place place);
    void flat(Nodes nodes, int indent);
    void flat(const Node& node, int indent);
    void flat_list(const Node& node, int indent);
    void put(TokenIndex token, int indent);
    void comments(Token& token, int indent);

    // breaking.cc
    void pieces(Nodes nodes, Place place);
    bool at_last_bracket(Nodes nodes, const std::vector<std::size_t>& starts, Place place);
    std::vector<std::size_t> after_commas(Nodes nodes) const;
    std::vector<std::size_t> around_operators(Nodes nodes) const;
    std::vector<std::size_t> before_calls(Nodes nodes) const;
    void at_brackets(Nodes nodes, Place place);
    void split(Nodes nodes, const std::vector<std::size_t>& starts, Place place);
    void bracket(const Node& node, Place place);
    bool is_comprehension(const Node& node) const;
    void comprehension(const Node& node, int indent);
    bool hugging(const Node& node, Place place);
    void items(const Node& node, int indent);
    bool fills(const Node& node, int indent) const;

    bool fits(Nodes nodes, int trail) const;
    bool hard(Nodes nodes) const;
    bool chain_broken(Nodes nodes) const;

    bool is(const Node& node, std::string_view text) const {
        return node.shape == Shape::kToken && token(node.open).kind != WordKind::kString &&
               token(node.open).text == text;
    }
    const Token& token(TokenIndex i) const { return tokens_[i]; }
    bool has_comments(TokenIndex i) const { return !tokens_[i].comments.empty(); }

    std::vector<Token>& tokens_;
    Outline& outline_;
    Output out_;
};

}  // namespace nyx::format

#include "compiler/syntax/earlier_parse.h"

#include <NyxParser.h>

#include "compiler/syntax/brackets.h"
#include "compiler/syntax/moved_copy.h"

namespace nyx::syntax {

namespace {

using grammar::NyxParser;

using Tokens = std::vector<SyntaxToken>;

// A statement's tokens; the last is its END_OF_STATEMENT.
struct Range {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
};

// Past a token, or past the brackets that it opens.
std::uint32_t past(const Tokens& tokens, std::uint32_t at) {
    std::uint32_t partner = tokens[at].partner;
    bool group = is_opener(tokens[at].type) && partner != SyntaxToken::kNoPartner && partner > at;
    return (group ? partner : at) + 1;
}

std::vector<Range> statements_between(const Tokens& tokens, std::uint32_t begin, std::uint32_t end) {
    std::vector<Range> out;
    for (std::uint32_t at = begin; at < end; ++at) {
        std::uint32_t first = at;
        while (at < end && tokens[at].type != NyxParser::END_OF_STATEMENT) at = past(tokens, at);
        if (at < end) out.push_back({first, at});
    }
    return out;
}

// The `{` of a statement that is a header and one block; 0 where it is none.
std::uint32_t block_of(const Tokens& tokens, Range range) {
    std::uint32_t at = range.first;
    while (at < range.last && tokens[at].type != NyxParser::LBRACE) at = past(tokens, at);
    bool ends_it = at < range.last && at > range.first && tokens[at].partner + 1 == range.last;
    return ends_it ? at : 0;
}

// The statements in the block of one that begins with the keyword `type`; null where they are not parsed as such.
const ast::StmtList* body_of(const ast::Stmt& node, std::uint16_t type) {
    if (const auto* machine = ast::try_as<ast::MachineDecl>(&node))
        return type == NyxParser::MACHINE ? &machine->body : nullptr;
    if (const auto* module = ast::try_as<ast::ModuleDecl>(&node)) return &module->body;
    if (const auto* function = ast::try_as<ast::FnDecl>(&node)) return &function->fn.body;
    if (const auto* test = ast::try_as<ast::TestStmt>(&node)) return &test->body;
    return nullptr;
}

// The tree of each range; null where there is none that begins with it.
std::vector<const ast::Stmt*> trees_of(const Tokens& tokens, const std::vector<Range>& ranges,
                                       const ast::StmtList& nodes) {
    std::vector<const ast::Stmt*> out;
    std::size_t next = 0;
    for (Range range : ranges) {
        std::uint32_t begin = tokens[range.first].begin;
        while (next < nodes.size() && nodes[next]->span.begin < begin) ++next;
        bool found = next < nodes.size() && nodes[next]->span.begin == begin;
        out.push_back(found ? nodes[next].get() : nullptr);
    }
    return out;
}

}  // namespace

// Of the earlier text with the text as it is now.
class Comparison {
  public:
    Comparison(const EarlierParse& then, const Tokens& tokens, std::string_view text)
        : then_(then), tokens_(tokens), text_(text) {}

    // The statements of two lists: those in front of the edit, those behind it, and what is inside of the one between.
    void lists(const std::vector<Range>& old, const ast::StmtList& nodes, const std::vector<Range>& now) {
        std::vector<const ast::Stmt*> trees = trees_of(then_.tokens_, old, nodes);
        std::size_t front = 0;
        while (front < old.size() && front < now.size() && same(old[front], now[front])) {
            take(old[front], trees[front], now[front]);
            ++front;
        }
        std::size_t i = old.size();
        std::size_t j = now.size();
        while (i > front && j > front && same(old[i - 1], now[j - 1])) {
            --i, --j;
            take(old[i], trees[i], now[j]);
        }
        if (i > front && j > front) inside(old[front], trees[front], now[front]);
    }

    KnownStatements known;

  private:
    void take(Range old, const ast::Stmt* tree, Range now) {
        if (!tree || !can_move(*tree) || is_doubtful(old)) return;
        std::int64_t moved = std::int64_t{tokens_[now.first].begin} - then_.tokens_[old.first].begin;
        known[now.first] = {tree, moved, now.last};
    }

    bool is_doubtful(Range old) const {
        auto at = then_.doubtful_.lower_bound(then_.tokens_[old.first].begin);
        return at != then_.doubtful_.end() && *at <= then_.tokens_[old.last].end;
    }

    void inside(Range old, const ast::Stmt* tree, Range now) {
        const ast::StmtList* body = tree ? body_of(*tree, then_.tokens_[old.first].type) : nullptr;
        std::uint32_t then_begin = body ? block_of(then_.tokens_, old) : 0;
        std::uint32_t begin = body ? block_of(tokens_, now) : 0;
        if (then_begin == 0 || begin == 0 || !same({old.first, then_begin}, {now.first, begin})) return;
        lists(statements_between(then_.tokens_, then_begin + 1, then_.tokens_[then_begin].partner), *body,
              statements_between(tokens_, begin + 1, tokens_[begin].partner));
    }

    bool same(Range old, Range now) const {
        if (old.last - old.first != now.last - now.first) return false;
        const SyntaxToken* a = &then_.tokens_[old.first];
        const SyntaxToken* b = &tokens_[now.first];
        std::uint32_t a_begin = a->begin;
        std::uint32_t b_begin = b->begin;
        for (std::uint32_t i = 0; i <= old.last - old.first; ++i, ++a, ++b) {
            bool alike = a->type == b->type && a->starts_statement == b->starts_statement &&
                         a->begin - a_begin == b->begin - b_begin && a->end - a_begin == b->end - b_begin;
            if (!alike) return false;
        }
        std::string_view earlier = then_.text_;
        return earlier.substr(a_begin, a[-1].end - a_begin) == text_.substr(b_begin, b[-1].end - b_begin);
    }

    const EarlierParse& then_;
    const Tokens& tokens_;
    std::string_view text_;
};

KnownStatements EarlierParse::known_in(const Tokens& tokens, std::string_view text) const {
    auto all = [](const Tokens& list) {
        return statements_between(list, 0, static_cast<std::uint32_t>(list.size() - 1));
    };
    Comparison comparison(*this, tokens, text);
    comparison.lists(all(tokens_), module_->body, all(tokens));
    return std::move(comparison.known);
}

}  // namespace nyx::syntax

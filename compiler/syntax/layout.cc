#include "compiler/syntax/layout.h"

#include <NyxLexer.h>
#include <fmt/format.h>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/syntax/brackets.h"
#include "compiler/syntax/keywords.h"
#include "compiler/syntax/units.h"

namespace nyx::syntax {

namespace {

using diagnostics::Code;
using grammar::NyxLexer;

// After one of these an expression must follow, so a statement cannot end there.
bool wants_operand(std::uint16_t type) {
    switch (type) {
        case NyxLexer::NOT:
        case NyxLexer::COMMA:
        case NyxLexer::COLON:
        case NyxLexer::DOT:
        case NyxLexer::OPTIONAL_DOT:
        case NyxLexer::ARROW:
        case NyxLexer::FAT_ARROW:
        case NyxLexer::ASSIGN:
        case NyxLexer::COMPOUND_ASSIGN:
        case NyxLexer::BANG:
        case NyxLexer::TILDE:
            return true;
        default:
            return joins_two_values(type) || is_opener(type);
    }
}

bool begins_operand(std::uint16_t type) {
    switch (type) {
        case NyxLexer::IDENTIFIER:
        case NyxLexer::INTEGER:
        case NyxLexer::FLOAT:
        case NyxLexer::STRING:
        case NyxLexer::TEMPLATE_BEGIN:
        case NyxLexer::TRUE:
        case NyxLexer::FALSE:
        case NyxLexer::NULL_:
        case NyxLexer::NOT:
        case NyxLexer::BANG:
        case NyxLexer::FN:
            return true;
        default:
            return false;
    }
}

// The operators after which only a value can follow: `a +`, `x =`, but not `case 1:`.
bool wants_value(std::uint16_t type) {
    bool other = type == NyxLexer::COMMA || type == NyxLexer::COLON || type == NyxLexer::FAT_ARROW || is_opener(type);
    return wants_operand(type) && !other;
}

// Of a part of a device declaration that begins so: does its block hold items, or statements?
bool holds_items(std::uint16_t head) {
    switch (head) {
        case NyxLexer::ON:
        case NyxLexer::TEST:
        case NyxLexer::FN:
        case NyxLexer::ACPI:
        case NyxLexer::MIGRATE:
            return false;
        default:
            return true;
    }
}

struct Scope {
    std::uint32_t opener = 0;           // index of its token
    std::uint32_t statement_start = 0;  // index of the first token of the statement at hand
    bool block = true;                  // newlines count, statements stand here
    bool braces = true;
    bool machine = false;  // directly in the body of a machine
    bool items = false;    // directly in a device declaration, or in a part of it that holds items
    bool device = false;   // anywhere in one
    bool parameters = false;
};

class Layout {
  public:
    Layout(const Lexemes& lexemes, std::string_view text, std::uint32_t file, diagnostics::Sink& sink)
        : lexemes_(lexemes), text_(text), file_(file), sink_(sink) {}

    std::vector<SyntaxToken> run();

  private:
    void take(const Lexeme& lexeme);
    void break_line(const Lexeme& next);
    bool begins_statement(const Lexeme& lexeme) const;
    bool follows_block(const Lexeme& lexeme) const;
    void end_statement(std::uint32_t begin, std::uint32_t end);
    void push(const Lexeme& lexeme);
    void report_unit(const Lexeme& lexeme);
    void open(const Lexeme& lexeme);
    void close();
    bool opens_block() const;
    bool ends_generic_type() const;
    std::uint16_t type_of(const Lexeme& lexeme) const;
    void look_back(const SyntaxToken& next);
    void promote(SyntaxToken& word, const SyntaxToken& next);
    bool promotes_item(std::uint16_t keyword, const SyntaxToken& next) const;
    std::uint16_t device_word(std::string_view word, const SyntaxToken& next) const;
    std::uint16_t head() const;
    bool is_unit(const Lexeme& lexeme) const;
    bool begins_part(std::uint16_t before) const;
    bool names_an_entry(std::size_t word, std::uint16_t next) const;

    Scope& scope() { return scopes_.back(); }
    const Scope& scope() const { return scopes_.back(); }
    std::uint16_t previous() const {
        return out_.empty() ? std::uint16_t{NyxLexer::END_OF_STATEMENT} : out_.back().type;
    }
    std::string_view text_of(std::uint32_t begin, std::uint32_t end) const { return text_.substr(begin, end - begin); }

    const Lexemes& lexemes_;
    std::string_view text_;
    std::uint32_t file_;
    diagnostics::Sink& sink_;
    std::vector<SyntaxToken> out_;
    std::vector<Scope> scopes_{{}};
};

std::vector<SyntaxToken> Layout::run() {
    out_.reserve(lexemes_.size() + lexemes_.size() / 4 + 2);
    for (const Lexeme& lexeme : lexemes_) take(lexeme);
    auto end = static_cast<std::uint32_t>(text_.size());
    std::uint32_t last = out_.empty() ? end : out_.back().end;
    end_statement(last, last);
    out_.emplace_back(SyntaxToken::kEof, end, end);
    return std::move(out_);
}

void Layout::take(const Lexeme& lexeme) {
    if (lexeme.first_on_line && !out_.empty() && scope().braces) break_line(lexeme);
    if (lexeme.type == NyxLexer::SEMICOLON && scope().braces) return end_statement(lexeme.begin, lexeme.end);
    if (lexeme.type == NyxLexer::RBRACE && previous() != NyxLexer::COMMA && previous() != NyxLexer::COLON) {
        end_statement(out_.back().end, out_.back().end);
    }
    if (follows_block(lexeme)) end_statement(out_.back().end, out_.back().end);
    push(lexeme);
}

// `serial a { } serial b { }`: after a block the next word begins a statement, even on the same line.
bool Layout::follows_block(const Lexeme& lexeme) const {
    if (!scope().block || previous() != NyxLexer::RBRACE || out_[out_.back().partner].type != NyxLexer::LBRACE)
        return false;
    switch (lexeme.type) {
        case NyxLexer::ELSE:
        case NyxLexer::CATCH:
        case NyxLexer::FINALLY:
        case NyxLexer::IN:
        case NyxLexer::AND:
        case NyxLexer::OR:
        case NyxLexer::NOT:
            return false;
        default:
            return lexeme.type == NyxLexer::IDENTIFIER || is_keyword(lexeme.type);
    }
}

// A new line begins with `next`: did the statement end with the line before?
void Layout::break_line(const Lexeme& next) {
    switch (next.type) {
        case NyxLexer::DOT:
        case NyxLexer::OPTIONAL_DOT:
        case NyxLexer::RBRACE:
            return;
        case NyxLexer::ELSE:
        case NyxLexer::CATCH:
        case NyxLexer::FINALLY:
            if (previous() == NyxLexer::RBRACE) return;
            break;
        default:
            break;
    }
    if (begins_statement(next) && wants_value(previous())) return end_statement(out_.back().end, out_.back().end);
    if (wants_operand(previous()) || (previous() == NyxLexer::GREATER && !ends_generic_type())) return;
    end_statement(out_.back().end, out_.back().end);
}

// No value begins so: where an operator ends the line before, its right side was forgotten.
bool Layout::begins_statement(const Lexeme& lexeme) const {
    const Lexeme* after = &lexeme == &lexemes_.back() ? nullptr : &lexeme + 1;
    bool declares = after && after->type == NyxLexer::IDENTIFIER && !after->first_on_line;
    if (lexeme.type == NyxLexer::FN) return declares;
    if (lexeme.type == NyxLexer::IDENTIFIER)
        return declares && statement_keyword(text_of(lexeme.begin, lexeme.end)) != 0;
    return is_keyword(lexeme.type) && lexeme.type <= NyxLexer::PASS && lexeme.type != NyxLexer::IN;
}

// `x: map<string, int>` at the end of a line, rather than `a >`: the statement has a `<` for it.
bool Layout::ends_generic_type() const {
    int depth = 0;
    for (std::size_t i = out_.size(); i-- > scope().statement_start;) {
        if (out_[i].type == NyxLexer::GREATER) ++depth;
        if (out_[i].type == NyxLexer::LESS && --depth <= 0) return true;
    }
    return false;
}

void Layout::end_statement(std::uint32_t begin, std::uint32_t end) {
    if (previous() == NyxLexer::END_OF_STATEMENT || previous() == NyxLexer::LBRACE || previous() == NyxLexer::MAP_BEGIN)
        return;
    SyntaxToken token(NyxLexer::END_OF_STATEMENT, begin, end);
    look_back(token);
    out_.push_back(token);
    scope().statement_start = static_cast<std::uint32_t>(out_.size());
}

void Layout::push(const Lexeme& lexeme) {
    SyntaxToken token(type_of(lexeme), lexeme.begin, lexeme.end);
    if (token.type == NyxLexer::IDENTIFIER && is_unit(lexeme)) {
        report_unit(lexeme);
        token.type = NyxLexer::UNIT;
    }
    look_back(token);
    token.starts_statement = begins_part(previous());
    if (token.starts_statement) scope().statement_start = static_cast<std::uint32_t>(out_.size());
    if (token.type == NyxLexer::LBRACE && !opens_block()) token.type = NyxLexer::MAP_BEGIN;
    out_.push_back(token);
    if (is_opener(token.type)) open(lexeme);
    if (is_closer(token.type)) close();
}

// Whether a statement begins behind this token. In a device `:` stands before a type or bits.
bool Layout::begins_part(std::uint16_t before) const {
    if (!scope().block) return false;
    if (before == NyxLexer::COLON) return !scope().items && head() != NyxLexer::DEVICE_DECLARATION;
    return before == NyxLexer::END_OF_STATEMENT || before == NyxLexer::LBRACE || before == NyxLexer::FAT_ARROW ||
           before == NyxLexer::OVERRIDE;
}

// `2 GB`, but not the words behind a number in `reg lcr @3 rw reset 3`.
bool Layout::is_unit(const Lexeme& lexeme) const {
    bool after_number = previous() == NyxLexer::INTEGER || previous() == NyxLexer::FLOAT;
    return after_number && !lexeme.first_on_line && !scope().items && head() != NyxLexer::DEVICE_DECLARATION;
}

// The first token of the statement at hand.
std::uint16_t Layout::head() const {
    return out_.empty() ? std::uint16_t{0} : out_[std::min<std::size_t>(scope().statement_start, out_.size() - 1)].type;
}

// A word right after a number can only be its unit, and the scanner knows all units.
void Layout::report_unit(const Lexeme& lexeme) {
    Span place{file_, lexeme.begin, lexeme.end};
    std::string_view word = text_of(lexeme.begin, lexeme.end);
    auto& report = sink_.report(Code::kUnknownUnit, place, fmt::format("`{}` is not a unit", word));
    std::optional<std::string> meant = diagnostics::did_you_mean(word, all_units());
    if (std::string_view size = size_meant(word); !size.empty()) meant = size;
    if (meant) {
        report.help(fmt::format("did you mean `{}`?", *meant));
        report.fix(
            {fmt::format("change to `{}`", *meant), diagnostics::Applicability::kMaybeIncorrect, {{place, *meant}}});
    } else {
        report.help("a word after a number is its unit, as in 2 GiB; two values are separated by `,`");
    }
}

void Layout::open(const Lexeme& lexeme) {
    auto at = static_cast<std::uint32_t>(out_.size() - 1);
    std::uint16_t before = at > 0 ? out_[at - 1].type : std::uint16_t{0};
    std::uint16_t head = out_[std::min<std::size_t>(scope().statement_start, at)].type;
    Scope inner;
    inner.opener = at;
    inner.statement_start = at + 1;
    inner.braces = lexeme.type == NyxLexer::LBRACE;
    inner.block = out_[at].type == NyxLexer::LBRACE;
    inner.machine = inner.block && head == NyxLexer::MACHINE;
    bool of_items = scope().items || head == NyxLexer::DEVICE_DECLARATION;
    inner.device = scope().device || head == NyxLexer::DEVICE_DECLARATION;
    inner.items = inner.block && of_items && holds_items(head);
    out_[at].holds_items = inner.items;
    inner.parameters = before == NyxLexer::FN || (at > 1 && out_[at - 2].type == NyxLexer::FN);
    scopes_.push_back(inner);
}

void Layout::close() {
    std::uint32_t opener = scope().opener;
    out_[opener].partner = static_cast<std::uint32_t>(out_.size() - 1);
    out_.back().partner = opener;
    scopes_.pop_back();
}

// A `{` where a value is expected is a map; everywhere else it holds statements.
bool Layout::opens_block() const {
    std::uint16_t before = previous();
    if (before == NyxLexer::FAT_ARROW || before == NyxLexer::LBRACE) return true;
    if (before == NyxLexer::COLON) return scope().block;
    return !wants_operand(before) && before != NyxLexer::RETURN && before != NyxLexer::THROW &&
           before != NyxLexer::CASE;
}

// The type that a lexeme has where it stands: after `.` every word is a name.
std::uint16_t Layout::type_of(const Lexeme& lexeme) const {
    bool member = previous() == NyxLexer::DOT || previous() == NyxLexer::OPTIONAL_DOT;
    char first = lexeme.begin < text_.size() ? text_[lexeme.begin] : '\0';
    bool word = std::isalpha(static_cast<unsigned char>(first)) && is_keyword(lexeme.type);
    if (member && word) return NyxLexer::IDENTIFIER;
    if (lexeme.type != NyxLexer::IDENTIFIER || out_.empty()) return lexeme.type;
    std::string_view text = text_of(lexeme.begin, lexeme.end);
    std::uint16_t head = out_[std::min<std::size_t>(scope().statement_start, out_.size() - 1)].type;
    bool named = out_.size() - scope().statement_start >= 2;
    if (text == "extends" && named) {
        if (head == NyxLexer::CLASS || head == NyxLexer::MACHINE || head == NyxLexer::SCHEMA) return NyxLexer::EXTENDS;
    }
    if (text == "as" && named && (head == NyxLexer::IMPORT || head == NyxLexer::USE)) return NyxLexer::AS;
    return lexeme.type;
}

// Decides what the word before `next` is, now that two tokens are known.
void Layout::look_back(const SyntaxToken& next) {
    if (out_.empty()) return;
    SyntaxToken& word = out_.back();
    bool letters = word.begin < text_.size() && std::isalpha(static_cast<unsigned char>(text_[word.begin]));
    if (!letters) return;
    bool entry = names_an_entry(out_.size() - 1, next.type);
    if (is_keyword(word.type)) {
        if (entry) word.type = NyxLexer::IDENTIFIER;
    } else if (word.type == NyxLexer::IDENTIFIER) {
        if (word.starts_statement) promote(word, next);
        if (word.type == NyxLexer::IDENTIFIER && !entry) word.type = device_word(text_of(word.begin, word.end), next);
    }
}

// Where nothing but an item can begin, its word is one even when what follows does not fit.
bool Layout::promotes_item(std::uint16_t keyword, const SyntaxToken& next) const {
    if (next.type == NyxLexer::COLON || next.type == NyxLexer::ASSIGN) return false;
    return keyword != 0 && scope().items;
}

// A word inside a device declaration that is a keyword there, though it begins no item.
std::uint16_t Layout::device_word(std::string_view word, const SyntaxToken& next) const {
    if (!scope().device || out_.size() < 2) return NyxLexer::IDENTIFIER;
    std::uint16_t before = out_[out_.size() - 2].type;
    if (scope().items && head() == NyxLexer::REG && before != NyxLexer::REG && before != NyxLexer::LPAREN) {
        if (word == "reset") return NyxLexer::RESET;
        if (word == "stride") return NyxLexer::STRIDE;
    }
    if (scope().items && head() == NyxLexer::HOST && word == "when") return NyxLexer::WHEN;
    if (scope().items || !out_.back().starts_statement) return NyxLexer::IDENTIFIER;
    bool is_place = next.type == NyxLexer::ASSIGN || next.type == NyxLexer::COMPOUND_ASSIGN ||
                    next.type == NyxLexer::DOT || next.type == NyxLexer::LBRACKET;
    if (word == "emit" && next.type == NyxLexer::IDENTIFIER) return NyxLexer::EMIT;
    if (word == "expect" && !is_place) return NyxLexer::EXPECT;
    return NyxLexer::IDENTIFIER;
}

void Layout::promote(SyntaxToken& word, const SyntaxToken& next) {
    std::uint16_t item = device_keyword(text_of(word.begin, word.end));
    if (promotes_item(item, next)) {
        word.type = item;
        return;
    }
    std::uint16_t keyword = statement_keyword(text_of(word.begin, word.end));
    bool name = next.type == NyxLexer::IDENTIFIER;
    switch (keyword) {
        case 0:
            return;
        case NyxLexer::TEST:
            if (next.type != NyxLexer::STRING) return;
            break;
        case NyxLexer::USE:
        case NyxLexer::FROM:
            if (!name && next.type != NyxLexer::STRING) return;
            break;
        case NyxLexer::REQUIRE:
            if (!begins_operand(next.type) && !(scope().machine && next.type == NyxLexer::LPAREN)) return;
            break;
        case NyxLexer::DEVICE:
        case NyxLexer::MACHINE:
            // `machine {`: the name is missing, which the parser says better than anything else could.
            if (!name && !(keyword == NyxLexer::MACHINE && next.type == NyxLexer::LBRACE && scopes_.size() == 1))
                return;
            if (keyword == NyxLexer::DEVICE && scopes_.size() == 1) keyword = NyxLexer::DEVICE_DECLARATION;
            break;
        default:
            if (!name) return;
    }
    word.type = keyword;
}

// `f(default: 1)`, `{in: 2}`: before `=` or `:` in an argument list or a map every word is a name.
bool Layout::names_an_entry(std::size_t word, std::uint16_t next) const {
    if (next != NyxLexer::COLON && next != NyxLexer::ASSIGN) return false;
    if (scope().block || scope().parameters || word == 0) return false;
    std::uint16_t before = out_[word - 1].type;
    return before == NyxLexer::LPAREN || before == NyxLexer::MAP_BEGIN || before == NyxLexer::COMMA;
}

}  // namespace

std::vector<SyntaxToken> lay_out(const Lexemes& lexemes, std::string_view text, std::uint32_t file,
                                 diagnostics::Sink& sink) {
    return Layout(lexemes, text, file, sink).run();
}

bool joins_two_values(std::uint16_t type) {
    switch (type) {
        case NyxLexer::AND:
        case NyxLexer::OR:
        case NyxLexer::IN:
        case NyxLexer::RANGE:
        case NyxLexer::COALESCE:
        case NyxLexer::EQUAL:
        case NyxLexer::LESS:
        case NyxLexer::LESS_EQUAL:
        case NyxLexer::GREATER_EQUAL:
        case NyxLexer::PIPE:
        case NyxLexer::CARET:
        case NyxLexer::AMPERSAND:
        case NyxLexer::SHIFT_LEFT:
        case NyxLexer::PLUS:
        case NyxLexer::MINUS:
        case NyxLexer::STAR:
        case NyxLexer::SLASH:
        case NyxLexer::FLOOR_DIVIDE:
        case NyxLexer::PERCENT:
        case NyxLexer::POWER:
            return true;
        default:
            return false;
    }
}

}  // namespace nyx::syntax

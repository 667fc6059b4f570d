#include "compiler/syntax/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/syntax/brackets.h"
#include "compiler/syntax/keywords.h"
#include "compiler/syntax/layouter.h"
#include "compiler/syntax/units.h"

namespace nyx::syntax {

using diagnostics::Code;
using grammar::NyxLexer;

namespace {

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

}  // namespace

std::vector<SyntaxToken> lay_out(const Lexemes& lexemes, std::string_view text, std::uint32_t file,
                                 diagnostics::Sink& sink) {
    return Layouter(lexemes, text, file, sink).run();
}

std::vector<SyntaxToken> Layouter::run() {
    out_.reserve(lexemes_.size() + lexemes_.size() / 4 + 2);
    for (const Lexeme& lexeme : lexemes_) take(lexeme);
    auto end = static_cast<std::uint32_t>(text_.size());
    std::uint32_t last = out_.empty() ? end : out_.back().end;
    end_statement(last, last);
    out_.emplace_back(SyntaxToken::kEof, end, end);
    return std::move(out_);
}

void Layouter::take(const Lexeme& lexeme) {
    if (lexeme.first_on_line && !out_.empty() && scope().braces) break_line(lexeme);
    if (lexeme.type == NyxLexer::SEMICOLON && scope().braces) return end_statement(lexeme.begin, lexeme.end);
    if (lexeme.type == NyxLexer::RBRACE && previous() != NyxLexer::COMMA && previous() != NyxLexer::COLON) {
        end_statement(out_.back().end, out_.back().end);
    }
    if (follows_block(lexeme)) end_statement(out_.back().end, out_.back().end);
    push(lexeme);
}

void Layouter::push(const Lexeme& lexeme) {
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
bool Layouter::begins_part(std::uint16_t before) const {
    if (!scope().block) return false;
    if (before == NyxLexer::COLON) return !scope().items && head() != NyxLexer::DEVICE_DECLARATION;
    return before == NyxLexer::END_OF_STATEMENT || before == NyxLexer::LBRACE || before == NyxLexer::FAT_ARROW ||
           before == NyxLexer::OVERRIDE;
}

// The first token of the statement at hand.
std::uint16_t Layouter::head() const {
    return out_.empty() ? std::uint16_t{0} : out_[std::min<std::size_t>(scope().statement_start, out_.size() - 1)].type;
}

// `2 GB`, but not the words behind a number in `reg lcr @3 rw reset 3`.
bool Layouter::is_unit(const Lexeme& lexeme) const {
    bool after_number = previous() == NyxLexer::INTEGER || previous() == NyxLexer::FLOAT;
    return after_number && !lexeme.first_on_line && !scope().items && head() != NyxLexer::DEVICE_DECLARATION;
}

// A word right after a number can only be its unit, and the scanner knows all units.
void Layouter::report_unit(const Lexeme& lexeme) {
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

void Layouter::open(const Lexeme& lexeme) {
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

void Layouter::close() {
    std::uint32_t opener = scope().opener;
    out_[opener].partner = static_cast<std::uint32_t>(out_.size() - 1);
    out_.back().partner = opener;
    scopes_.pop_back();
}

// A `{` where a value is expected is a map; everywhere else it holds statements.
bool Layouter::opens_block() const {
    std::uint16_t before = previous();
    if (before == NyxLexer::FAT_ARROW || before == NyxLexer::LBRACE) return true;
    if (before == NyxLexer::COLON) return scope().block;
    return !wants_operand(before) && before != NyxLexer::RETURN && before != NyxLexer::THROW &&
           before != NyxLexer::CASE;
}

}  // namespace nyx::syntax

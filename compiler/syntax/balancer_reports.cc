#include "compiler/syntax/balancer.h"

#include <NyxLexer.h>
#include <fmt/format.h>

#include <algorithm>

#include "compiler/syntax/brackets.h"

namespace nyx::syntax {

using diagnostics::Code;
using grammar::NyxLexer;

void Balancer::take_wrong_closer(const Lexeme& lexeme) {
    Lexeme opener = open_.back().bracket;
    std::uint16_t closer = closer_of(opener.type);
    sink_
        .report(Code::kStrayBracket, {file_, lexeme.begin, lexeme.end},
                fmt::format("`{}` does not close this `{}`", bracket_text(lexeme.type), bracket_text(opener.type)))
        .label({file_, opener.begin, opener.end},
               fmt::format("this `{}` is closed by `{}`", bracket_text(opener.type), bracket_text(closer)))
        .fix(fmt::format("write `{}`", bracket_text(closer)), diagnostics::Applicability::kMaybeIncorrect,
             {file_, lexeme.begin, lexeme.end}, std::string(bracket_text(closer)));
    guesses_ -= 2;
    out_.push_back({lexeme.begin, lexeme.end, closer, lexeme.first_on_line});
    open_.pop_back();
}

void Balancer::take_stray(const Lexeme& lexeme) {
    auto& report = sink_.report(Code::kStrayBracket, {file_, lexeme.begin, lexeme.end},
                                fmt::format("nothing is open for this `{}`", bracket_text(lexeme.type)));
    if (!open_.empty()) {
        Lexeme inner = open_.back().bracket;
        report.label(
            {file_, inner.begin, inner.end},
            fmt::format("this `{}` is closed by `{}`", bracket_text(inner.type), bracket_text(closer_of(inner.type))));
    }
    report.fix(fmt::format("remove the `{}`", bracket_text(lexeme.type)), diagnostics::Applicability::kMaybeIncorrect,
               with_its_line(lexeme), "");
    if (guesses_ > 0) --guesses_;
    // In place of what may be missing, so that the line before does not go on with the next.
    out_.push_back({lexeme.begin, lexeme.end, NyxLexer::ERROR, lexeme.first_on_line});
}

// The lexeme; with its line where it stands there alone.
Span Balancer::with_its_line(const Lexeme& lexeme) const {
    bool last = at_ + 1 == in_.size() || in_[at_ + 1].first_on_line;
    std::size_t begin = text_.substr(0, lexeme.begin).rfind('\n');
    std::size_t end = std::min(text_.find('\n', lexeme.end), text_.size());
    bool alone = lexeme.first_on_line && last && begin != std::string_view::npos &&
                 text_.substr(lexeme.end, end - lexeme.end).find_first_not_of(" \t\r") == std::string_view::npos;
    if (!alone) return {file_, lexeme.begin, lexeme.end};
    bool crlf = begin > 0 && text_[begin - 1] == '\r' && text_.substr(end - 1, 1) == "\r";
    return {file_, static_cast<std::uint32_t>(begin - (crlf ? 1 : 0)),
            static_cast<std::uint32_t>(end - (crlf ? 1 : 0))};
}

void Balancer::report_unclosed(const OpenBracket& open) {
    if (too_deep_) return;
    std::uint32_t end = previous_end();
    std::string_view closer = bracket_text(closer_of(open.bracket.type));
    std::string what = describe(open);
    sink_.report(Code::kUnclosedBracket, {file_, end, end}, fmt::format("expected `{}` to close {}", closer, what))
        .label({file_, open.bracket.begin, open.bracket.end}, fmt::format("{} is opened here", what))
        .fix({fmt::format("insert `{}`", closer),
              diagnostics::Applicability::kMaybeIncorrect,
              {{{file_, end, end}, closing_text(open)}}});
}

// On a line of its own where the block has lines.
std::string Balancer::closing_text(const OpenBracket& open) const {
    std::string closer(bracket_text(closer_of(open.bracket.type)));
    if (open.bracket.type != NyxLexer::LBRACE) return closer;
    std::uint32_t end = previous_end();
    bool lines = text_.substr(open.bracket.end, end - open.bracket.end).find('\n') != std::string_view::npos;
    return lines ? "\n" + std::string(open.indent, ' ') + closer : " " + closer;
}

std::string Balancer::describe(const OpenBracket& open) const {
    constexpr std::size_t kMaxWords = 64;
    std::size_t at = open.at;
    std::uint16_t before = at > 0 ? out_[at - 1].type : 0;
    bool after_value = before == NyxLexer::IDENTIFIER || is_closer(before);
    if (open.bracket.type == NyxLexer::INTERPOLATION_BEGIN) return "the `${` in this string";
    if (open.bracket.type == NyxLexer::LBRACKET) return after_value ? "the index" : "the list";
    if (open.bracket.type == NyxLexer::LPAREN) {
        bool function = before == NyxLexer::FN || (at > 1 && out_[at - 2].type == NyxLexer::FN);
        return function ? "the parameter list" : after_value ? "the argument list" : "the parenthesis";
    }
    if (before == NyxLexer::ELSE) return "the else block";
    if (!after_value && before != NyxLexer::STRING && before != NyxLexer::TRY && before != 0) return "the map";
    std::size_t first = at;
    for (std::size_t i = 0; first > 0 && i < kMaxWords && !out_[first].first_on_line; ++i) {
        std::uint16_t type = out_[first - 1].type;
        if (type == NyxLexer::SEMICOLON || type == NyxLexer::LBRACE || type == NyxLexer::RBRACE) break;
        --first;
    }
    std::string_view word = text_.substr(out_[first].begin, out_[first].end - out_[first].begin);
    bool named = !word.empty() && std::isalpha(static_cast<unsigned char>(word[0])) && word.size() < 20;
    if (word == "fn") return "the function body";
    return named && first < at ? fmt::format("the {} block", word) : "the block";
}

}  // namespace nyx::syntax

// What others write in expressions: functions without a name, `new`, `===`, `$name`.
#include <NyxLexer.h>
#include <fmt/format.h>

#include <string>

#include "compiler/syntax/foreign_mender.h"

namespace nyx::syntax {

using diagnostics::Applicability;
using grammar::NyxLexer;

// A function from first to the end of its body, which begins at `body`: a block, or the expression that it gives.
void Mender::mend_function(std::size_t sign, std::size_t body, std::string_view what, const std::string& parameters) {
    bool block = body < in_.size() && in_[body].type == NyxLexer::LBRACE;
    std::size_t end = block ? end_of_group(body) : end_of_value(body);
    auto& finding =
        say(in_[sign], fmt::format("a function without a name is written `fn(…) {{ … }}`, not with `{}`", what));
    if (end > body) {
        std::string text = text_between(in_[body].begin, in_[end - 1].end);
        finding.fix("write `fn`", Applicability::kMachineApplicable, {file_, in_[at_].begin, in_[end - 1].end},
                    block ? fmt::format("fn({}) {}", parameters, text)
                          : fmt::format("fn({}) {{ return {} }}", parameters, text));
    }
    keep_mistake(std::max(end, body));
}

// `lambda x, y: x + y`
bool Mender::mend_lambda() {
    if (in_[at_].type != NyxLexer::IDENTIFIER || text_of(in_[at_]) != "lambda") return false;
    std::size_t steps = 1;
    while (type(steps) == NyxLexer::IDENTIFIER || type(steps) == NyxLexer::COMMA) ++steps;
    if (type(steps) != NyxLexer::COLON || type(steps + 1) == 0) return false;
    std::size_t colon = at_ + steps;
    mend_function(at_, colon + 1, "lambda", steps == 1 ? "" : text_between(in_[at_ + 1].begin, in_[colon - 1].end));
    return true;
}

// `x => x + 1` and `(x, y) => { … }`, where a value begins. The arms of a `match` begin elsewhere.
bool Mender::mend_arrow() {
    std::uint16_t before = last_type();
    if (in_[at_].first_on_line) return false;
    if (before != NyxLexer::ASSIGN && before != NyxLexer::LPAREN && before != NyxLexer::RETURN) return false;
    std::size_t steps = 1;
    if (in_[at_].type == NyxLexer::LPAREN) {
        while (type(steps) == NyxLexer::IDENTIFIER || type(steps) == NyxLexer::COMMA) ++steps;
        if (type(steps) != NyxLexer::RPAREN) return false;
        ++steps;
    } else if (in_[at_].type != NyxLexer::IDENTIFIER) {
        return false;
    }
    if (type(steps) != NyxLexer::FAT_ARROW || type(steps + 1) == 0) return false;
    std::size_t arrow = at_ + steps;
    bool list = in_[at_].type == NyxLexer::LPAREN;
    std::string parameters = list ? text_between(in_[at_].end, in_[arrow - 1].begin) : std::string(text_of(in_[at_]));
    mend_function(arrow, arrow + 1, "=>", parameters);
    return true;
}

// `new Disk(…)`
bool Mender::mend_new() {
    const Lexeme& here = in_[at_];
    bool device = scope().fields && scope().words == 0;
    if (here.type != NyxLexer::IDENTIFIER || text_of(here) != "new" || device) return false;
    if (type(1) != NyxLexer::IDENTIFIER || (type(2) != NyxLexer::LPAREN && type(2) != NyxLexer::DOT)) return false;
    say(here, fmt::format("an object is made by calling its class: `{:.40}(…)`", text_of(in_[at_ + 1])))
        .fix("remove `new`", Applicability::kMachineApplicable, {file_, here.begin, in_[at_ + 1].begin}, "");
    ++at_;
    return true;
}

// `===` and `!==`
bool Mender::mend_long_equal() {
    Lexeme here = in_[at_];
    const Lexeme* after = next(1);
    if (here.type != NyxLexer::EQUAL || !after || after->type != NyxLexer::ASSIGN || after->begin != here.end)
        return false;
    Lexeme whole{here.begin, after->end, here.type, here.first_on_line};
    say(whole,
        fmt::format("`{}` is written `{}`: values of different types are never equal", text_of(whole), text_of(here)))
        .fix(fmt::format("write `{}`", text_of(here)), Applicability::kMachineApplicable, span(whole),
             std::string(text_of(here)));
    at_ += 2;
    keep(here);
    return true;
}

// `$name`: the scanner has complained about the `$`.
bool Mender::mend_dollar() {
    const Lexeme& here = in_[at_];
    const Lexeme* after = next(1);
    if (here.type != NyxLexer::ERROR || text_of(here) != "$" || !after || after->begin != here.end) return false;
    if (after->type != NyxLexer::IDENTIFIER) return false;
    in_[at_ + 1].first_on_line = here.first_on_line;
    ++at_;
    return true;
}

}  // namespace nyx::syntax

#include <NyxLexer.h>
#include <fmt/format.h>

// What others write between `machine` and its block.
#include <algorithm>
#include <string>

#include "compiler/syntax/foreign_mender.h"
#include "compiler/syntax/keywords.h"

namespace nyx::syntax {

using diagnostics::Applicability;
using diagnostics::Code;
using grammar::NyxLexer;

// `machine web` or `serial com1` with its `{` in the next line.
void Mender::join_brace() {
    Lexeme& here = in_[at_];
    if (here.type != NyxLexer::LBRACE || !here.first_on_line || out_.size() < 2) return;
    const Lexeme& name = out_.back();
    const Lexeme& head = out_[out_.size() - 2];
    bool machine = at_top() && text_of(head) == "machine";
    bool device = scope().fields && head.type == NyxLexer::IDENTIFIER;
    if (name.type != NyxLexer::IDENTIFIER || name.first_on_line || !head.first_on_line || !(machine || device)) return;
    braces_.add(span(here), "the `{` stands in the line of what it belongs to", {{file_, name.end, here.end}, " {"});
    here.first_on_line = false;
}

// What stands between `machine` and its block.
bool Mender::mend_machine() {
    if (in_[at_].type != NyxLexer::IDENTIFIER || text_of(in_[at_]) != "machine") return false;
    if (type(1) == NyxLexer::STRING && type(2) == NyxLexer::LBRACE) return keep_machine_with_string();
    if (is_keyword(type(1)) && type(2) == NyxLexer::LBRACE) return keep_machine_with_keyword();
    if (type(1) != NyxLexer::IDENTIFIER) return false;
    bool sign = type(2) == NyxLexer::ASSIGN || type(2) == NyxLexer::COLON;
    if (sign && type(3) == NyxLexer::LBRACE) return keep_machine_without_sign();
    if (type(2) == NyxLexer::LPAREN && type(3) == NyxLexer::IDENTIFIER && type(4) == NyxLexer::RPAREN &&
        type(5) == NyxLexer::LBRACE) {
        return keep_machine_with_base();
    }
    return type(2) == NyxLexer::MINUS && keep_machine_with_dash();
}

bool Mender::keep_machine_with_string() {
    Lexeme name = in_[at_ + 1];
    std::string_view word = text_.substr(name.begin + 1, name.end - name.begin - 2);
    if (!is_plain_name(word)) return false;
    say(name, "the name of a machine stands without quotes")
        .fix({"remove the quotes", Applicability::kMachineApplicable, {{span(name), std::string(word)}}});
    keep_steps(1);
    ++at_;
    keep({name.begin + 1, name.end - 1, NyxLexer::IDENTIFIER, false});
    return true;
}

bool Mender::keep_machine_with_keyword() {
    Lexeme name = in_[at_ + 1];
    std::string word = text_between(name.begin, name.end);
    sink_.report(Code::kKeywordAsName, span(name), fmt::format("`{}` is a keyword and cannot be a name here", word))
        .fix(fmt::format("call it `{}_`", word), Applicability::kMaybeIncorrect, span(name), word + "_");
    keep_steps(1);
    ++at_;
    keep({name.begin, name.end, NyxLexer::IDENTIFIER, false});
    return true;
}

bool Mender::keep_machine_without_sign() {
    Lexeme sign = in_[at_ + 2];
    say(sign, fmt::format("the block of a machine follows its name without `{}`", text_of(sign)))
        .fix(fmt::format("remove the `{}`", text_of(sign)), Applicability::kMachineApplicable,
             {file_, in_[at_ + 1].end, in_[at_ + 3].begin}, " ");
    keep_steps(2);
    ++at_;
    return true;
}

bool Mender::keep_machine_with_base() {
    Lexeme opener = in_[at_ + 2], base = in_[at_ + 3], closer = in_[at_ + 4];
    sink_
        .report(Code::kSyntax, {file_, opener.begin, closer.end},
                "the machine that is extended stands behind `:`, not in `( )`")
        .fix(fmt::format("write `: {}`", text_of(base)), Applicability::kMachineApplicable,
             {file_, in_[at_ + 1].end, closer.end}, fmt::format(" : {}", text_of(base)));
    keep_steps(2);
    keep({opener.begin, opener.end, NyxLexer::COLON, false});
    at_ += 3;
    keep(base);
    return true;
}

bool Mender::keep_machine_with_dash() {
    std::size_t end = at_ + 2;
    while (end < in_.size() && in_[end].begin == in_[end - 1].end && in_[end].type != NyxLexer::LBRACE) ++end;
    if (end == at_ + 2) return false;
    Span name{file_, in_[at_ + 1].begin, in_[end - 1].end};
    std::string word(text_.substr(name.begin, name.end - name.begin));
    auto& finding = sink_.report(Code::kSyntax, name, fmt::format("`{:.60}` is not a name: it has a `-`", word));
    std::replace(word.begin(), word.end(), '-', '_');
    finding.fix({fmt::format("call it `{:.60}`", word), Applicability::kMaybeIncorrect, {{name, word}}});
    keep_steps(2);
    at_ = end;
    return true;
}

}  // namespace nyx::syntax

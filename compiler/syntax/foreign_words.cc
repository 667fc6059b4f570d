#include <NyxLexer.h>
#include <fmt/format.h>

// Words of other languages at the head of a statement.
#include <algorithm>
#include <array>
#include <string>

#include "compiler/syntax/foreign_mender.h"

namespace nyx::syntax {

using diagnostics::Applicability;
using diagnostics::Code;
using grammar::NyxLexer;

namespace {

struct Word {
    std::string_view foreign;
    std::string_view ours;
    std::uint16_t type;
    std::uint16_t third;  // what comes after the name
};

constexpr std::array<Word, 17> kWords = {{{"def", "fn", NyxLexer::FN, NyxLexer::LPAREN},
                                          {"func", "fn", NyxLexer::FN, NyxLexer::LPAREN},
                                          {"function", "fn", NyxLexer::FN, NyxLexer::LPAREN},
                                          {"int", "fn", NyxLexer::FN, NyxLexer::LPAREN},
                                          {"void", "fn", NyxLexer::FN, NyxLexer::LPAREN},
                                          {"bool", "fn", NyxLexer::FN, NyxLexer::LPAREN},
                                          {"string", "fn", NyxLexer::FN, NyxLexer::LPAREN},
                                          {"double", "fn", NyxLexer::FN, NyxLexer::LPAREN},
                                          {"var", "let", NyxLexer::LET, NyxLexer::ASSIGN},
                                          {"auto", "let", NyxLexer::LET, NyxLexer::ASSIGN},
                                          {"struct", "class", NyxLexer::CLASS, NyxLexer::LBRACE},
                                          {"foreach", "for", NyxLexer::FOR, NyxLexer::IN},
                                          {"Machine", "machine", NyxLexer::MACHINE, NyxLexer::LBRACE},
                                          {"MACHINE", "machine", NyxLexer::MACHINE, NyxLexer::LBRACE},
                                          {"vm", "machine", NyxLexer::MACHINE, NyxLexer::LBRACE},
                                          {"VM", "machine", NyxLexer::MACHINE, NyxLexer::LBRACE},
                                          {"domain", "machine", NyxLexer::MACHINE, NyxLexer::LBRACE}}};

bool is_type(std::string_view word) {
    return word == "int" || word == "void" || word == "bool" || word == "string" || word == "double";
}

}  // namespace

// `def f(…)`, `vm web {`, `int main(…)`: the word is replaced by ours.
bool Mender::mend_word() {
    const Lexeme& here = in_[at_];
    if (here.type != NyxLexer::IDENTIFIER || type(1) != NyxLexer::IDENTIFIER) return false;
    const auto* word = std::find_if(kWords.begin(), kWords.end(),
                                    [&](const Word& w) { return w.foreign == text_of(here) && w.third == type(2); });
    if (word == kWords.end() || (word->type == NyxLexer::MACHINE && !at_top())) return false;
    bool type_first = word->type == NyxLexer::FN && is_type(word->foreign);
    say(here, type_first ? "a function begins with `fn`; what it gives stands behind its parameters, as in `-> int`"
                         : fmt::format("`{}` is not a word of Nyx; write `{}`", word->foreign, word->ours))
        .fix({fmt::format("write `{}`", word->ours),
              type_first ? Applicability::kMaybeIncorrect : Applicability::kMachineApplicable,
              {{span(here), std::string(word->ours)}}});
    Lexeme ours = here;
    ours.type = word->type;
    scope().head = ours;
    ++at_;
    keep(ours);
    return true;
}

// `elif` and `except` behind the `}` of what they go on with.
bool Mender::mend_after_block() {
    const Lexeme here = in_[at_];
    if (last_type() != NyxLexer::RBRACE || here.type != NyxLexer::IDENTIFIER || type(1) == 0) return false;
    std::string_view word = text_of(here);
    if (word == "elif" || word == "elseif" || word == "elsif") {
        say(here, fmt::format("`{}` is not a word of Nyx; write `else if`", word))
            .fix({"write `else if`", Applicability::kMachineApplicable, {{span(here), "else if"}}});
        scope().head.type = NyxLexer::ELSE;
        keep({here.begin, here.begin + 2, NyxLexer::ELSE, here.first_on_line});
        keep({here.begin + 2, here.end, NyxLexer::IF, false});
    } else if (word == "except" || word == "rescue") {
        say(here, fmt::format("`{}` is not a word of Nyx; write `catch`", word))
            .fix("write `catch`", Applicability::kMachineApplicable, span(here), "catch");
        keep({here.begin, here.end, NyxLexer::CATCH, here.first_on_line});
    } else {
        return false;
    }
    ++at_;
    return true;
}

// `until condition {` and `unless condition {`
bool Mender::mend_negated_condition() {
    const Lexeme here = in_[at_];
    std::string_view word = text_of(here);
    bool loop = word == "until";
    if (here.type != NyxLexer::IDENTIFIER || (!loop && word != "unless") || type(1) == NyxLexer::ASSIGN) return false;
    std::size_t brace = at_ + 1;
    while (brace < in_.size() && !in_[brace].first_on_line && in_[brace].type != NyxLexer::LBRACE) ++brace;
    if (brace == at_ + 1 || brace == in_.size() || in_[brace].first_on_line) return false;
    std::string meant =
        fmt::format("{} !({}) ", loop ? "while" : "if", text_between(in_[at_ + 1].begin, in_[brace - 1].end));
    say(here, fmt::format("`{}` is not a word of Nyx; write `{} !(…)`", word, loop ? "while" : "if"))
        .fix("turn the condition round", Applicability::kMachineApplicable, {file_, here.begin, in_[brace].begin},
             meant);
    ++at_;
    keep({here.begin, here.end, static_cast<std::uint16_t>(loop ? NyxLexer::WHILE : NyxLexer::IF), here.first_on_line});
    return true;
}

// `import lib/area`
bool Mender::mend_import_path() {
    if (in_[at_].type != NyxLexer::IMPORT || type(1) != NyxLexer::IDENTIFIER || type(2) != NyxLexer::SLASH)
        return false;
    std::size_t end = line_end();
    Span path{file_, in_[at_ + 1].begin, in_[end - 1].end};
    sink_.report(Code::kSyntax, path, "a path stands in quotes")
        .fix("put it in quotes", Applicability::kMachineApplicable, path,
             fmt::format("\"{}\"", text_between(path.begin, path.end)));
    drop_to(end);
    return true;
}

// `do { … } while (condition)`
bool Mender::mend_do() {
    if (text_of(in_[at_]) != "do" || type(1) != NyxLexer::LBRACE) return false;
    say(in_[at_], "Nyx has no `do` loop")
        .help("write `while true { … }` with `if !(condition) { break }` at the end of the block");
    std::size_t end = end_of_group(at_ + 1);
    if (end < in_.size() && in_[end].type == NyxLexer::WHILE) end = end_of_value(end);
    drop_to(end);
    return true;
}

}  // namespace nyx::syntax

#include <NyxLexer.h>
#include <fmt/format.h>

// Blocks of Python, YAML, TOML and Terraform: said once and taken out whole.
#include <algorithm>
#include <string>

#include "compiler/syntax/foreign_mender.h"

namespace nyx::syntax {

using grammar::NyxLexer;

// `machine base:` may go on in the next line with `other {`.
bool Mender::goes_on_with_block(std::size_t at) const {
    while (at + 1 < in_.size() && in_[at].type == NyxLexer::IDENTIFIER && in_[at + 1].type == NyxLexer::DOT) at += 2;
    return at + 1 < in_.size() && in_[at].type == NyxLexer::IDENTIFIER && in_[at + 1].type == NyxLexer::LBRACE;
}

bool Mender::begins_colon_block(std::size_t words) const {
    const Lexeme& here = in_[at_];
    std::string_view word = text_of(here);
    switch (here.type) {
        case NyxLexer::IF:
        case NyxLexer::FOR:
        case NyxLexer::WHILE:
        case NyxLexer::CLASS:
            return words >= 3;
        case NyxLexer::IDENTIFIER:
            return words >= 3 && type(1) == NyxLexer::IDENTIFIER && (word == "machine" || word == "def");
        default:
            return false;
    }
}

bool Mender::goes_on_after_block(std::size_t at) const {
    std::string_view word = text_of(in_[at]);
    return word == "else" || word == "elif" || word == "--";
}

bool Mender::mend_colon_block() {
    std::size_t end = line_end();
    const Lexeme& colon = in_[end - 1];
    if (colon.type != NyxLexer::COLON || !begins_colon_block(end - at_) || goes_on_with_block(end)) return false;
    bool machine = text_of(in_[at_]) == "machine";
    auto& finding = say(colon, machine ? "a machine's fields stand in `{ }`, not behind `:`"
                                       : "a block stands in `{ }`, not behind `:`");
    std::uint32_t before = in_[end - 2].end;
    std::string head(text_.substr(in_[at_].begin, std::min<std::size_t>(before - in_[at_].begin, 60)));
    if (head.starts_with("def ")) head.replace(0, 3, "fn");
    finding.help(machine ? fmt::format("write `{} {{`, a line `name = value` for each field, and `}}` at the end", head)
                         : fmt::format("write `{} {{ … }}`; indentation has no meaning", head));
    drop_block(end, indent_of(in_[at_]), [&](std::size_t at) { return goes_on_after_block(at); });
    return true;
}

// `name: value` outside a machine: with all lines of the kind that follow.
bool Mender::mend_yaml() {
    const Lexeme& here = in_[at_];
    if (here.type != NyxLexer::IDENTIFIER || type(1) != NyxLexer::COLON) return false;
    if (type(2) == NyxLexer::IDENTIFIER && type(3) == NyxLexer::ASSIGN) return false;
    say(in_[at_ + 1], fmt::format("`{:.40}:` is no statement; fields stand in a machine", text_of(here)))
        .help(std::string(kMachineForm));
    drop_block(line_end(), indent_of(here), [&](std::size_t at) {
        bool entry = at + 1 < in_.size() && in_[at + 1].type == NyxLexer::COLON;
        return entry || in_[at].type == NyxLexer::MINUS || text_of(in_[at]) == "--";
    });
    return true;
}

// `[machine.web]`, with the lines `name = value` that follow.
bool Mender::mend_toml() {
    if (in_[at_].type != NyxLexer::LBRACKET) return false;
    std::string_view word = type(1) == NyxLexer::IDENTIFIER ? text_of(in_[at_ + 1]) : std::string_view();
    if (word != "machine" && word != "machines" && word != "vm") return false;
    if (in_[line_end() - 1].type != NyxLexer::RBRACKET) return false;
    say(in_[at_], "a machine is not begun by a heading in `[ ]`").help(std::string(kMachineForm));
    drop_block(line_end(), indent_of(in_[at_]), [&](std::size_t at) {
        bool heading = in_[at].type == NyxLexer::LBRACKET;
        return heading || (at + 1 < in_.size() && in_[at + 1].type == NyxLexer::ASSIGN);
    });
    return true;
}

// `resource "libvirt_domain" "web" { … }`
bool Mender::mend_labelled_block() {
    constexpr std::size_t kMostLabels = 3;
    std::size_t labels = 0;
    while (labels < kMostLabels && type(labels + 1) == NyxLexer::STRING) ++labels;
    bool machine = text_of(in_[at_]) == "machine";
    if (in_[at_].type != NyxLexer::IDENTIFIER || labels == 0 || (machine && labels == 1)) return false;
    if (type(labels + 1) != NyxLexer::LBRACE) return false;
    say(in_[at_], fmt::format("a machine is not begun by `{:.40}` and a label in quotes", text_of(in_[at_])))
        .help(std::string(kMachineForm));
    drop_to(end_of_group(at_ + labels + 1));
    return true;
}

}  // namespace nyx::syntax

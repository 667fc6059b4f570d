#include <NyxLexer.h>
#include <fmt/format.h>

// How others write fields and comments, and what they put between fields.
#include <algorithm>
#include <string>

#include "compiler/syntax/brackets.h"
#include "compiler/syntax/foreign_mender.h"

namespace nyx::syntax {

using diagnostics::Applicability;
using diagnostics::Code;
using diagnostics::Edit;
using grammar::NyxLexer;

// `"memory": 2 GiB` and `"memory" = 2 GiB`, as in JSON: the name goes on as if it had no quotes.
bool Mender::mend_quoted_field() {
    Lexeme& here = in_[at_];
    bool sign = type(1) == NyxLexer::ASSIGN || type(1) == NyxLexer::COLON || type(1) == NyxLexer::FAT_ARROW;
    if (here.type != NyxLexer::STRING || !sign || here.end - here.begin < 3) return false;
    std::string name = text_between(here.begin + 1, here.end - 1);
    if (!is_plain_name(name)) return false;
    quotes_.add(span(here), fmt::format("the name of a field stands without quotes: `{:.40}`", name),
                {span(here), name});
    here = {here.begin + 1, here.end - 1, NyxLexer::IDENTIFIER, here.first_on_line};
    if (!mend_field()) keep_steps(1);
    return true;
}

// `memory: 2 GiB`, `memory := 2 GiB`, `memory => 2 GiB`, `memory == 2 GiB`
bool Mender::mend_field() {
    const Lexeme& here = in_[at_];
    bool colon = type(1) == NyxLexer::COLON && type(2) != 0;
    bool other = type(1) == NyxLexer::FAT_ARROW || (type(1) == NyxLexer::EQUAL && text_of(in_[at_ + 1]) == "==");
    if (here.type != NyxLexer::IDENTIFIER || (!colon && !other)) return false;
    Lexeme sign = in_[at_ + 1];
    bool both = colon && type(2) == NyxLexer::ASSIGN;
    if (both) sign.end = in_[at_ + 2].end;
    bool blank = sign.begin > here.end;
    colons_.add(span(sign), fmt::format("`{:.40}` is set with `=`, not with `{}`", text_of(here), text_of(sign)),
                {span(sign), blank ? "=" : " ="});
    keep_steps(1);
    at_ += both ? 2 : 1;
    sign.type = NyxLexer::ASSIGN;
    keep(sign);
    return true;
}

namespace {

bool ends_value(std::uint16_t type) {
    switch (type) {
        case NyxLexer::INTEGER:
        case NyxLexer::FLOAT:
        case NyxLexer::UNIT:
        case NyxLexer::STRING:
        case NyxLexer::IDENTIFIER:
        case NyxLexer::TRUE:
        case NyxLexer::FALSE:
        case NyxLexer::NULL_:
            return true;
        default:
            return is_closer(type);
    }
}

// No value begins with these.
bool begins_statement_only(std::uint16_t type) {
    switch (type) {
        case NyxLexer::LET:
        case NyxLexer::CONST:
        case NyxLexer::RETURN:
        case NyxLexer::IMPORT:
        case NyxLexer::CLASS:
        case NyxLexer::WHILE:
        case NyxLexer::FOR:
            return true;
        default:
            return false;
    }
}

}  // namespace

// What ends a field: a line of its own for the next one, or `;` where all stands in one line.
Edit Mender::separator(std::uint32_t begin, std::uint32_t end) {
    const Lexeme& head = scope().head;
    std::string text = head.first_on_line ? "\n" + std::string(indent_of(head), ' ') : "; ";
    return {{file_, begin, end}, std::move(text)};
}

// `memory =`, and the next line begins the next field.
bool Mender::mend_missing_value() {
    const Lexeme sign = in_[at_];
    const Lexeme* after = next(1);
    if (sign.type != NyxLexer::ASSIGN || !scope().lines || !after || !after->first_on_line) return false;
    const Lexeme* second = next(2);
    bool field = scope().fields && after->type == NyxLexer::IDENTIFIER && second && !second->first_on_line &&
                 (second->type == NyxLexer::ASSIGN || second->type == NyxLexer::IDENTIFIER);
    if (!field && !begins_statement_only(after->type)) return false;
    sink_.report(Code::kSyntax, {file_, sign.end, sign.end}, "a value is missing behind the `=`");
    keep_steps(1);
    keep({sign.end, sign.end, NyxLexer::ERROR, false});
    return true;
}

// `cpus = 2 memory = 1 GiB`
bool Mender::mend_missing_separator() {
    const Lexeme& here = in_[at_];
    if (!scope().fields || !scope().assigned || here.first_on_line || here.type != NyxLexer::IDENTIFIER) return false;
    bool field = type(1) == NyxLexer::ASSIGN || type(1) == NyxLexer::COLON ||
                 (type(1) == NyxLexer::IDENTIFIER && type(2) == NyxLexer::LBRACE);
    if (!field || !ends_value(last_type())) return false;
    std::uint32_t end = out_.back().end;
    say(here, fmt::format("`{:.40}` begins a line of its own, or stands behind `;`", text_of(here)))
        .fix({"separate the fields", Applicability::kMachineApplicable, {separator(end, here.begin)}});
    keep({end, end, NyxLexer::SEMICOLON, false});
    return true;
}

// Between fields and devices of a machine.
bool Mender::mend_comma() {
    if (in_[at_].type != NyxLexer::COMMA || !scope().fields) return false;
    if (!scope().assigned && scope().words != 0) return false;
    const Lexeme* after = next(1);
    bool last = !after || after->first_on_line || after->type == NyxLexer::RBRACE;
    bool word = after && after->type == NyxLexer::IDENTIFIER;
    std::uint16_t second = word && next(2) ? next(2)->type : std::uint16_t{0};
    bool field = second == NyxLexer::ASSIGN || second == NyxLexer::COLON || second == NyxLexer::IDENTIFIER ||
                 second == NyxLexer::LBRACE;
    bool end = !after || after->type == NyxLexer::RBRACE;
    if (!end && !field) return false;
    Lexeme comma = in_[at_++];
    Edit edit = last ? Edit{span(comma), ""} : separator(comma.begin, after->begin);
    commas_.add(span(comma), "fields are not separated by `,`", std::move(edit));
    comma.type = NyxLexer::SEMICOLON;
    keep(comma);
    return true;
}

bool Mender::mend_slashes() {
    const Lexeme& here = in_[at_];
    if (here.type != NyxLexer::FLOOR_DIVIDE) return false;
    comments_.add(span(here), "comments begin with `#`, not with `//`", {span(here), "#"});
    drop_to(line_end());
    return true;
}

bool Mender::mend_comment() {
    const Lexeme& here = in_[at_];
    const Lexeme* star = next(1);
    if (here.type != NyxLexer::SLASH || !star || star->begin != here.end) return false;
    if (star->type != NyxLexer::STAR && star->type != NyxLexer::POWER) return false;
    comments_.add({file_, here.begin, here.begin + 2}, "comments begin with `#`, not with `/*`", {});
    std::size_t close = all_closed_ ? text_.find("*/", here.begin + 2) : std::string_view::npos;
    all_closed_ = close != std::string_view::npos;
    std::size_t end = all_closed_ ? at_ + 1 : line_end();
    while (all_closed_ && end < in_.size() && in_[end].begin < close + 2) ++end;
    bool first = here.first_on_line;
    drop_to(end);
    if (first && at_ < in_.size()) in_[at_].first_on_line = true;
    return true;
}

}  // namespace nyx::syntax

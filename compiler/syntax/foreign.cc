#include "compiler/syntax/foreign.h"

#include <NyxLexer.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "compiler/syntax/brackets.h"
#include "compiler/syntax/foreign_file.h"

namespace nyx::syntax {

namespace {

using diagnostics::Applicability;
using diagnostics::Code;
using diagnostics::Edit;
using grammar::NyxLexer;

constexpr std::string_view kMachineForm =
    "write `machine web {`, in it a line `name = value` for each field, and `}` at the end";

// The same slip, again and again: said at its first place, with a fix for all.
struct Slips {
    static constexpr std::size_t kMostEdits = 100;
    Span first;
    std::string message;
    std::vector<Edit> edits;
    std::size_t count = 0;

    void add(Span where, std::string what, Edit edit) {
        if (count++ == 0) first = where, message = std::move(what);
        if (edits.size() < kMostEdits && edit.span.known()) edits.push_back(std::move(edit));
    }
};

struct Scope {
    bool lines = true;    // holds statements
    bool fields = false;  // those of a machine or device
    // Of the statement at hand:
    std::size_t words = 0;
    Lexeme head;
    bool assigned = false;
};

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

class Mender {
  public:
    Mender(Lexemes lexemes, std::string_view text, std::uint32_t file, diagnostics::Sink& sink)
        : in_(std::move(lexemes)), text_(text), file_(file), sink_(sink) {}

    Lexemes run() {
        while (at_ < in_.size()) {
            begin_statement();
            if (!mend_statement() && !mend_comment() && !mend_comma()) keep(in_[at_++]);
        }
        report(commas_, "remove the commas", "a field ends with its line, or with `;`");
        report(braces_, "join the lines", "");
        report(colons_, "write `=`", "");
        report(comments_, "write `#`", "a comment goes from `#` to the end of its line");
        return std::move(out_);
    }

    bool is_dropped(Span span) const {
        auto after = std::upper_bound(dropped_.begin(), dropped_.end(), span.begin,
                                      [](std::uint32_t begin, const Span& part) { return begin < part.begin; });
        return after != dropped_.begin() && span.begin < std::prev(after)->end;
    }

  private:
    // ---- Reading

    Scope& scope() { return scopes_.back(); }
    const Lexeme* next(std::size_t steps) const { return at_ + steps < in_.size() ? &in_[at_ + steps] : nullptr; }
    // Of the lexeme so many steps on, in this line; 0 where the line has ended.
    std::uint16_t type(std::size_t steps) const {
        for (std::size_t i = 1; i <= steps; ++i) {
            if (!next(i) || next(i)->first_on_line) return 0;
        }
        return in_[at_ + steps].type;
    }
    std::string_view text_of(const Lexeme& lexeme) const {
        return text_.substr(lexeme.begin, lexeme.end - lexeme.begin);
    }
    Span span(const Lexeme& lexeme) const { return {file_, lexeme.begin, lexeme.end}; }
    bool at_top() const { return scopes_.size() == 1; }
    std::size_t indent_of(const Lexeme& lexeme) const {
        std::size_t line = text_.substr(0, lexeme.begin).rfind('\n');
        return line == std::string_view::npos ? lexeme.begin : lexeme.begin - line - 1;
    }

    // `machine web` or `serial com1` with its `{` in the next line.
    void join_brace() {
        Lexeme& here = in_[at_];
        if (here.type != NyxLexer::LBRACE || !here.first_on_line || out_.size() < 2) return;
        const Lexeme& name = out_.back();
        const Lexeme& head = out_[out_.size() - 2];
        bool machine = at_top() && text_of(head) == "machine";
        bool device = scope().fields && head.type == NyxLexer::IDENTIFIER;
        if (name.type != NyxLexer::IDENTIFIER || name.first_on_line || !head.first_on_line || !(machine || device))
            return;
        braces_.add(span(here), "the `{` stands in the line of what it belongs to",
                    {{file_, name.end, here.end}, " {"});
        here.first_on_line = false;
    }

    void begin_statement() {
        join_brace();
        const Lexeme& here = in_[at_];
        if (scope().lines && here.first_on_line) scope().words = 0;
        if (scope().words == 0) scope().head = here, scope().assigned = false;
    }

    void keep(const Lexeme& lexeme) {
        out_.push_back(lexeme);
        if (is_opener(lexeme.type)) return open(lexeme);
        if (is_closer(lexeme.type)) return close();
        ++scope().words;
        if (lexeme.type == NyxLexer::ASSIGN) scope().assigned = true;
        if (lexeme.type == NyxLexer::SEMICOLON) scope().words = 0;
    }

    void open(const Lexeme& lexeme) {
        Scope inner;
        std::string_view head = text_of(scope().head);
        inner.lines = lexeme.type == NyxLexer::LBRACE && scope().lines && !scope().assigned;
        bool machine = at_top() && scope().words >= 2 && (scope().head.type == NyxLexer::MACHINE || head == "machine");
        bool device = scope().head.type == NyxLexer::IDENTIFIER && head != "test" && head != "on" && head != "require";
        bool branch = scope().head.type == NyxLexer::IF || scope().head.type == NyxLexer::FOR ||
                      scope().head.type == NyxLexer::ELSE;
        inner.fields = inner.lines && (machine || (scope().fields && scope().words > 0 && (device || branch)));
        ++scope().words;
        scopes_.push_back(inner);
    }

    void close() {
        if (at_top()) return;
        bool block = scope().lines;
        scopes_.pop_back();
        if (block) scope().words = 0;
    }

    // ---- Mending. Each returns whether it has dealt with what stands at at_.

    bool mend_statement() {
        if (!scope().lines || scope().words != 0) return false;
        const Lexeme& here = in_[at_];
        if (here.first_on_line && (mend_colon_block() || mend_slashes())) return true;
        if (here.first_on_line && at_top() && (mend_yaml() || mend_toml() || mend_labelled_block())) return true;
        return (at_top() && mend_machine()) || mend_word() || mend_elif() || (scope().fields && mend_field());
    }

    auto& say(const Lexeme& where, std::string message) {
        return sink_.report(Code::kSyntax, span(where), std::move(message));
    }

    void drop_to(std::size_t end) {
        dropped_.push_back({file_, in_[at_].begin, in_[end - 1].end});
        at_ = end;
    }

    // The lines that stand further right, and those of the same depth that `more` takes.
    template <typename More>
    void drop_block(std::size_t from, std::size_t indent, More more) {
        std::size_t end = from;
        for (; end < in_.size(); ++end) {
            if (in_[end].first_on_line && indent_of(in_[end]) <= indent && !more(end)) break;
        }
        drop_to(end);
    }

    std::size_t line_end() const {
        std::size_t end = at_ + 1;
        while (end < in_.size() && !in_[end].first_on_line) ++end;
        return end;
    }

    // `machine base:` may go on in the next line with `other {`.
    bool goes_on_with_block(std::size_t at) const {
        while (at + 1 < in_.size() && in_[at].type == NyxLexer::IDENTIFIER && in_[at + 1].type == NyxLexer::DOT)
            at += 2;
        return at + 1 < in_.size() && in_[at].type == NyxLexer::IDENTIFIER && in_[at + 1].type == NyxLexer::LBRACE;
    }

    bool begins_colon_block(std::size_t words) const {
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

    bool goes_on_after_block(std::size_t at) const {
        std::string_view word = text_of(in_[at]);
        return word == "else" || word == "elif" || word == "--";
    }

    bool mend_colon_block() {
        std::size_t end = line_end();
        const Lexeme& colon = in_[end - 1];
        if (colon.type != NyxLexer::COLON || !begins_colon_block(end - at_) || goes_on_with_block(end)) return false;
        bool machine = text_of(in_[at_]) == "machine";
        auto& finding = say(colon, machine ? "a machine's fields stand in `{ }`, not behind `:`"
                                           : "a block stands in `{ }`, not behind `:`");
        std::uint32_t before = in_[end - 2].end;
        std::string head(text_.substr(in_[at_].begin, std::min<std::size_t>(before - in_[at_].begin, 60)));
        if (head.starts_with("def ")) head.replace(0, 3, "fn");
        finding.help(machine
                         ? fmt::format("write `{} {{`, a line `name = value` for each field, and `}}` at the end", head)
                         : fmt::format("write `{} {{ … }}`; indentation has no meaning", head));
        drop_block(end, indent_of(in_[at_]), [&](std::size_t at) { return goes_on_after_block(at); });
        return true;
    }

    // `name: value` outside a machine: with all lines of the kind that follow.
    bool mend_yaml() {
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
    bool mend_toml() {
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
    bool mend_labelled_block() {
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

    // Behind the bracket that closes this one, or the end of the text.
    std::size_t end_of_group(std::size_t opener) const {
        std::size_t depth = 0;
        for (std::size_t at = opener; at < in_.size(); ++at) {
            if (is_opener(in_[at].type)) ++depth;
            if (is_closer(in_[at].type) && --depth == 0) return at + 1;
        }
        return in_.size();
    }

    // What stands between `machine` and its block.
    bool mend_machine() {
        if (in_[at_].type != NyxLexer::IDENTIFIER || text_of(in_[at_]) != "machine") return false;
        if (type(1) == NyxLexer::STRING && type(2) == NyxLexer::LBRACE) return keep_machine_with_string();
        if (type(1) != NyxLexer::IDENTIFIER) return false;
        bool sign = type(2) == NyxLexer::ASSIGN || type(2) == NyxLexer::COLON;
        if (sign && type(3) == NyxLexer::LBRACE) return keep_machine_without_sign();
        if (type(2) == NyxLexer::LPAREN && type(3) == NyxLexer::IDENTIFIER && type(4) == NyxLexer::RPAREN &&
            type(5) == NyxLexer::LBRACE) {
            return keep_machine_with_base();
        }
        return type(2) == NyxLexer::MINUS && keep_machine_with_dash();
    }

    void keep_steps(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) keep(in_[at_++]);
    }

    bool keep_machine_with_string() {
        Lexeme name = in_[at_ + 1];
        std::string_view word = text_.substr(name.begin + 1, name.end - name.begin - 2);
        bool plain = !word.empty() && !std::isdigit(static_cast<unsigned char>(word.front())) &&
                     std::all_of(word.begin(), word.end(),
                                 [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
        if (!plain) return false;
        say(name, "the name of a machine stands without quotes")
            .fix({"remove the quotes", Applicability::kSafe, {{span(name), std::string(word)}}});
        keep_steps(1);
        ++at_;
        keep({name.begin + 1, name.end - 1, NyxLexer::IDENTIFIER, false});
        return true;
    }

    bool keep_machine_without_sign() {
        Lexeme sign = in_[at_ + 2];
        say(sign, fmt::format("the block of a machine follows its name without `{}`", text_of(sign)))
            .fix({"remove it", Applicability::kSafe, {{span(sign), ""}}});
        keep_steps(2);
        ++at_;
        return true;
    }

    bool keep_machine_with_base() {
        Lexeme opener = in_[at_ + 2], base = in_[at_ + 3], closer = in_[at_ + 4];
        Span whole{file_, opener.begin, closer.end};
        sink_.report(Code::kSyntax, whole, "the machine that is extended stands behind `:`, not in `( )`")
            .fix({fmt::format("write `: {}`", text_of(base)),
                  Applicability::kSafe,
                  {{whole, fmt::format(" : {}", text_of(base))}}});
        keep_steps(2);
        keep({opener.begin, opener.end, NyxLexer::COLON, false});
        at_ += 3;
        keep(base);
        return true;
    }

    bool keep_machine_with_dash() {
        std::size_t end = at_ + 2;
        while (end < in_.size() && in_[end].begin == in_[end - 1].end && in_[end].type != NyxLexer::LBRACE) ++end;
        if (end == at_ + 2) return false;
        Span name{file_, in_[at_ + 1].begin, in_[end - 1].end};
        std::string word(text_.substr(name.begin, name.end - name.begin));
        auto& finding = sink_.report(Code::kSyntax, name, fmt::format("`{:.60}` is not a name: it has a `-`", word));
        std::replace(word.begin(), word.end(), '-', '_');
        finding.fix({fmt::format("write `{:.60}`", word), Applicability::kSuggestion, {{name, word}}});
        keep_steps(2);
        at_ = end;
        return true;
    }

    static bool is_type(std::string_view word) {
        return word == "int" || word == "void" || word == "bool" || word == "string" || word == "double";
    }

    // `def f(…)`, `vm web {`, `int main(…)`: the word is replaced by ours.
    bool mend_word() {
        const Lexeme& here = in_[at_];
        if (here.type != NyxLexer::IDENTIFIER || type(1) != NyxLexer::IDENTIFIER) return false;
        const auto* word = std::find_if(kWords.begin(), kWords.end(), [&](const Word& w) {
            return w.foreign == text_of(here) && w.third == type(2);
        });
        if (word == kWords.end() || (word->type == NyxLexer::MACHINE && !at_top())) return false;
        bool type_first = word->type == NyxLexer::FN && is_type(word->foreign);
        say(here, type_first ? "a function begins with `fn`; what it gives stands behind its parameters, as in `-> int`"
                             : fmt::format("`{}` is not a word of Nyx; write `{}`", word->foreign, word->ours))
            .fix({fmt::format("write `{}`", word->ours),
                  type_first ? Applicability::kSuggestion : Applicability::kSafe,
                  {{span(here), std::string(word->ours)}}});
        Lexeme ours = here;
        ours.type = word->type;
        scope().head = ours;
        ++at_;
        keep(ours);
        return true;
    }

    bool mend_elif() {
        Lexeme here = in_[at_];
        bool follows = !out_.empty() && out_.back().type == NyxLexer::RBRACE;
        bool word = text_of(here) == "elif" || text_of(here) == "elseif" || text_of(here) == "elsif";
        if (!follows || !word || here.type != NyxLexer::IDENTIFIER || type(1) == 0) return false;
        say(here, fmt::format("`{}` is not a word of Nyx; write `else if`", text_of(here)))
            .fix({"write `else if`", Applicability::kSafe, {{span(here), "else if"}}});
        scope().head.type = NyxLexer::ELSE;
        keep({here.begin, here.begin + 2, NyxLexer::ELSE, here.first_on_line});
        keep({here.begin + 2, here.end, NyxLexer::IF, false});
        ++at_;
        return true;
    }

    // `memory: 2 GiB`, `memory := 2 GiB`, `memory => 2 GiB`
    bool mend_field() {
        const Lexeme& here = in_[at_];
        bool colon = type(1) == NyxLexer::COLON && type(2) != 0;
        if (here.type != NyxLexer::IDENTIFIER || (!colon && type(1) != NyxLexer::FAT_ARROW)) return false;
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

    // Between fields and devices of a machine.
    bool mend_comma() {
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
        commas_.add(span(comma), "fields are not separated by `,`", {span(comma), last ? "" : ";"});
        comma.type = NyxLexer::SEMICOLON;
        keep(comma);
        return true;
    }

    bool mend_slashes() {
        const Lexeme& here = in_[at_];
        if (here.type != NyxLexer::FLOOR_DIVIDE) return false;
        comments_.add(span(here), "comments begin with `#`, not with `//`", {span(here), "#"});
        drop_to(line_end());
        return true;
    }

    bool mend_comment() {
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

    void report(Slips& slips, std::string_view title, std::string_view help) {
        if (slips.count == 0) return;
        auto& finding = sink_.report(Code::kSyntax, slips.first, slips.message);
        if (!help.empty()) finding.help(std::string(help));
        if (slips.count > 1) finding.note(fmt::format("{} more places in this file are written so", slips.count - 1));
        if (!slips.edits.empty()) finding.fix({std::string(title), Applicability::kSafe, std::move(slips.edits)});
    }

    Lexemes in_;
    std::string_view text_;
    std::uint32_t file_;
    diagnostics::Sink& sink_;
    Lexemes out_;
    std::size_t at_ = 0;
    std::vector<Scope> scopes_{{}};
    std::vector<Span> dropped_;  // in the order of the text
    Slips commas_, braces_, colons_, comments_;
    bool all_closed_ = true;  // no `/*` without its `*/` so far
};

void pass_on(const diagnostics::Diagnostic& finding, diagnostics::Sink& sink) {
    auto& copy = sink.report(finding.code, finding.primary.span, finding.message, finding.primary.text);
    copy.labels = finding.labels;
    copy.notes = finding.notes;
    copy.helps = finding.helps;
    copy.fixes = finding.fixes;
}

}  // namespace

Lexemes mend_foreign(Lexemes lexemes, std::string_view text, std::uint32_t file, const diagnostics::Sink& scanned,
                     diagnostics::Sink& sink) {
    if (auto foreign = foreign_file(text)) {
        sink.report(Code::kSyntax, {file, foreign->begin, foreign->end},
                    fmt::format("this is {}, not Nyx", foreign->language))
            .help(std::string(kMachineForm));
        return {};
    }
    Mender mender(std::move(lexemes), text, file, sink);
    Lexemes mended = mender.run();
    for (const auto& finding : scanned.all()) {
        if (!mender.is_dropped(finding.primary.span)) pass_on(finding, sink);
    }
    return mended;
}

}  // namespace nyx::syntax

#include "compiler/syntax/foreign.h"

#include <NyxLexer.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string>
#include <utility>

#include "compiler/syntax/brackets.h"
#include "compiler/syntax/foreign_file.h"
#include "compiler/syntax/foreign_mender.h"
#include "compiler/syntax/layout.h"

namespace nyx::syntax {

using diagnostics::Applicability;
using diagnostics::Code;
using diagnostics::Edit;
using grammar::NyxLexer;

void Slips::add(Span where, std::string what, Edit edit) {
    if (count++ == 0) first = where, message = std::move(what);
    if (edits.size() < kMostEdits && edit.span.known()) edits.push_back(std::move(edit));
}

Lexemes Mender::run() {
    while (at_ < in_.size()) {
        begin_statement();
        if (!mend_statement() && !mend_anywhere()) keep(in_[at_++]);
    }
    report(commas_, "remove the commas", "a field ends with its line, or with `;`");
    report(braces_, "join the lines", "");
    report(colons_, "write `=`", "");
    report(quotes_, "remove the quotes", "");
    report(comments_, "write `#`", "a comment goes from `#` to the end of its line");
    return std::move(out_);
}

bool Mender::is_dropped(Span span) const {
    auto after = std::upper_bound(dropped_.begin(), dropped_.end(), span.begin,
                                  [](std::uint32_t begin, const Span& part) { return begin < part.begin; });
    return after != dropped_.begin() && span.begin < std::prev(after)->end;
}

std::uint16_t Mender::type(std::size_t steps) const {
    for (std::size_t i = 1; i <= steps; ++i) {
        if (!next(i) || next(i)->first_on_line) return 0;
    }
    return in_[at_ + steps].type;
}

std::size_t Mender::indent_of(const Lexeme& lexeme) const {
    std::size_t line = text_.substr(0, lexeme.begin).rfind('\n');
    return line == std::string_view::npos ? lexeme.begin : lexeme.begin - line - 1;
}

void Mender::begin_statement() {
    join_brace();
    const Lexeme& here = in_[at_];
    const bool goes_on = !out_.empty() && joins_two_values(out_.back().type);
    if (scope().lines && here.first_on_line && !goes_on) scope().words = 0;
    if (scope().words == 0) scope().head = here, scope().assigned = false;
}

void Mender::keep(const Lexeme& lexeme) {
    out_.push_back(lexeme);
    if (is_opener(lexeme.type)) return open(lexeme);
    if (is_closer(lexeme.type)) return close();
    ++scope().words;
    if (lexeme.type == NyxLexer::ASSIGN) scope().assigned = true;
    if (lexeme.type == NyxLexer::SEMICOLON) scope().words = 0;
}

void Mender::open(const Lexeme& lexeme) {
    Scope inner;
    std::string_view head = text_of(scope().head);
    inner.lines = lexeme.type == NyxLexer::LBRACE && scope().lines && !scope().assigned;
    bool machine = at_top() && scope().words >= 2 && (scope().head.type == NyxLexer::MACHINE || head == "machine");
    bool device = scope().head.type == NyxLexer::IDENTIFIER && head != "test" && head != "on" && head != "require";
    bool branch =
        scope().head.type == NyxLexer::IF || scope().head.type == NyxLexer::FOR || scope().head.type == NyxLexer::ELSE;
    inner.fields = inner.lines && (machine || (scope().fields && scope().words > 0 && (device || branch)));
    ++scope().words;
    scopes_.push_back(inner);
}

void Mender::close() {
    if (at_top()) return;
    bool block = scope().lines;
    scopes_.pop_back();
    if (block) scope().words = 0;
}

bool Mender::mend_statement() {
    if (!scope().lines || scope().words != 0) return false;
    const Lexeme& here = in_[at_];
    if (here.first_on_line && (mend_colon_block() || mend_slashes())) return true;
    if (here.first_on_line && at_top() && (mend_yaml() || mend_toml() || mend_labelled_block())) return true;
    if (scope().fields) return mend_word() || mend_after_block() || mend_quoted_field() || mend_field();
    return (at_top() && mend_machine()) || mend_word() || mend_after_block() || mend_negated_condition() || mend_do() ||
           mend_import_path();
}

bool Mender::mend_anywhere() {
    return mend_comment() || mend_comma() || mend_missing_value() || mend_missing_separator() || mend_lambda() ||
           mend_arrow() || mend_new() || mend_long_equal() || mend_dollar();
}

diagnostics::Diagnostic& Mender::say(const Lexeme& where, std::string message) {
    return sink_.report(Code::kSyntax, span(where), std::move(message));
}

void Mender::drop_to(std::size_t end) {
    dropped_.push_back({file_, in_[at_].begin, in_[end - 1].end});
    at_ = end;
}

std::size_t Mender::line_end() const {
    std::size_t end = at_ + 1;
    while (end < in_.size() && !in_[end].first_on_line) ++end;
    return end;
}

std::size_t Mender::end_of_group(std::size_t opener) const {
    std::size_t depth = 0;
    for (std::size_t at = opener; at < in_.size(); ++at) {
        if (is_opener(in_[at].type)) ++depth;
        if (is_closer(in_[at].type) && --depth == 0) return at + 1;
    }
    return in_.size();
}

std::size_t Mender::end_of_value(std::size_t at) const {
    while (at < in_.size() && !in_[at].first_on_line && !is_closer(in_[at].type) && in_[at].type != NyxLexer::COMMA &&
           in_[at].type != NyxLexer::SEMICOLON) {
        at = is_opener(in_[at].type) ? end_of_group(at) : at + 1;
    }
    return at;
}

bool Mender::is_plain_name(std::string_view word) {
    return !word.empty() && std::isdigit(static_cast<unsigned char>(word.front())) == 0 &&
           std::all_of(word.begin(), word.end(),
                       [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
}

void Mender::keep_mistake(std::size_t end) {
    Lexeme whole{in_[at_].begin, in_[end - 1].end, NyxLexer::ERROR, in_[at_].first_on_line};
    drop_to(end);
    keep(whole);
}

void Mender::keep_steps(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) keep(in_[at_++]);
}

void Mender::report(Slips& slips, std::string_view title, std::string_view help) {
    if (slips.count == 0) return;
    auto& finding = sink_.report(Code::kSyntax, slips.first, slips.message);
    if (!help.empty()) finding.help(std::string(help));
    if (slips.count > 1) finding.note(fmt::format("{} more places in this file are written so", slips.count - 1));
    if (!slips.edits.empty())
        finding.fix({std::string(title), Applicability::kMachineApplicable, std::move(slips.edits)});
}

namespace {

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

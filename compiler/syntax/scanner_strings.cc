#include <algorithm>

#include "compiler/syntax/lexeme_scanner.h"
#include "compiler/syntax/literals.h"
#include "compiler/syntax/scanner_complaints.h"
#include "runtime/base/utf8.h"

namespace nyx::syntax {

using diagnostics::Code;
using grammar::NyxLexer;

namespace {

bool has_interpolation(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '$' && text[i + 1] == '{') {
            return true;
        }
    }
    return false;
}

}  // namespace

void Scanner::take_text(std::size_t type) {
    switch (type) {
        case NyxLexer::INTERPOLATION_BEGIN:
        case NyxLexer::TRIPLE_INTERPOLATION:
            templates_.back().part = TemplateString::Part::kCode;
            templates_.back().open.clear();
            return emit(NyxLexer::INTERPOLATION_BEGIN);
        case NyxLexer::TEMPLATE_END:
        case NyxLexer::TRIPLE_END:
            templates_.pop_back();
            return emit(NyxLexer::TEMPLATE_END);
        case NyxLexer::TEMPLATE_TEXT:
        case NyxLexer::TRIPLE_TEXT:
            check_escapes(text_, span(), sink_);
            return emit(NyxLexer::TEMPLATE_TEXT);
        default:  // a line's end, or a backslash before one or before the end of the file
            if (text_[begin_] != '\\') newline();
    }
}

void Scanner::take_format(std::size_t type) {
    if (type == NyxLexer::FORMAT_TEXT) return emit(type);
    TemplateString& top = templates_.back();
    if (text_[begin_] == '}') {
        top.part = TemplateString::Part::kText;
        return emit(NyxLexer::INTERPOLATION_END);
    }
    if (text_[begin_] == '"') {
        sink_.report(Code::kUnclosedString, span(), "expected `}` to close the `${` in this string")
            .label({file_, top.begin, top.begin + 1}, "the string begins here");
        emit(NyxLexer::INTERPOLATION_END, begin_, begin_);
        top.part = TemplateString::Part::kText;
    } else {
        top.part = TemplateString::Part::kCode;
    }
    stream_.seek(begin_);
}

void Scanner::take_string(std::size_t type) {
    std::uint32_t quote = type == NyxLexer::TRIPLE_STRING ? 3 : 1;
    if (text_[begin_] == '"' && has_interpolation(word())) return open_template(quote);
    bool good = check_escapes(text_, {file_, begin_ + quote, end_ - quote}, sink_);
    emit(good ? type : static_cast<std::size_t>(NyxLexer::ERROR));
}

void Scanner::open_template(std::uint32_t quote_size) {
    stream_.seek(begin_ + quote_size);
    emit(NyxLexer::TEMPLATE_BEGIN, begin_, begin_ + quote_size);
    templates_.push_back({begin_, quote_size == 3, TemplateString::Part::kText, {}});
}

// A quote whose string does not end on its line.
void Scanner::open_quote() {
    if (text_[begin_] == '"') return open_template(1);
    end_ = static_cast<std::uint32_t>(std::min(text_.find_first_of("\r\n", begin_), text_.size()));
    stream_.seek(end_);
    report_unclosed_string(text_, span(), '\'', sink_);
    emit(NyxLexer::ERROR);
}

// The line ends inside one or more "…": one mistake, that of the outermost.
void Scanner::break_templates() {
    std::uint32_t begin = begin_;
    while (!templates_.empty() && !templates_.back().triple) {
        begin = templates_.back().begin;
        templates_.pop_back();
    }
    // What it holds is not looked at: it was meant to be something else.
    bool first = newline_;
    while (!lexemes_.empty() && lexemes_.back().begin >= begin) {
        first = lexemes_.back().first_on_line;
        lexemes_.pop_back();
    }
    newline_ = first;
    emit(NyxLexer::ERROR, begin, begin_);
    auto& report = report_unclosed_string(text_, {file_, begin, begin_}, '"', sink_);
    report.help("end it with `\"`, or use \"\"\"…\"\"\" for a text of several lines");
    if (templates_.empty()) return;
    report.label({file_, templates_.back().begin, templates_.back().begin + 3}, "inside the string that begins here");
    // The `}` that was swallowed ended the code.
    if (text_.substr(begin, begin_ - begin).find('}') == std::string_view::npos) return;
    emit(NyxLexer::INTERPOLATION_END, begin_, begin_);
    templates_.back().part = TemplateString::Part::kText;
}

void Scanner::end_of_text() {
    begin_ = end_ = static_cast<std::uint32_t>(text_.size());
    if (!templates_.empty() && !templates_.back().triple) break_templates();
    if (templates_.empty()) return;
    std::uint32_t begin = templates_.front().begin;
    sink_.report(Code::kUnclosedString, {file_, begin, begin + 3}, "this string is never closed",
                 "no `\"\"\"` follows up to the end of the file");
    for (; !templates_.empty(); templates_.pop_back()) {
        if (templates_.back().part != TemplateString::Part::kText) emit(NyxLexer::INTERPOLATION_END);
        emit(NyxLexer::TEMPLATE_END);
    }
}

// “text” and `text` as other programs write it: one mistake, up to the closing quote on the same line.
void Scanner::take_foreign_string() {
    std::size_t line_end = std::min(text_.find_first_of("\r\n", begin_), text_.size());
    bool back = text_[begin_] == '`';
    for (std::size_t at = begin_ + 1; at < line_end; ++at) {
        CodePoint c = decode_utf8(text_, at);
        if (c.size == 0 || !is_foreign_quote(c.value) || back != (c.value == U'`')) continue;
        end_ = static_cast<std::uint32_t>(at + c.size);
        stream_.seek(end_);
        return;
    }
}

}  // namespace nyx::syntax

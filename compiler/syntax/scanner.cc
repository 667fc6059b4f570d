#include "compiler/syntax/scanner.h"

#include <NyxLexer.h>
#include <fmt/format.h>

#include <algorithm>

#include "compiler/syntax/byte_stream.h"
#include "compiler/syntax/literals.h"
#include "compiler/syntax/scanner_complaints.h"
#include "compiler/syntax/units.h"
#include "compiler/syntax/utf8.h"

namespace nyx::syntax {

namespace {

using diagnostics::Code;
using grammar::NyxLexer;

// A string with `${`, from its quote to its end.
struct Template {
    enum class Part { kText, kCode, kFormat };
    std::uint32_t begin = 0;
    bool triple = false;
    Part part = Part::kText;
    std::string open;  // brackets inside the `${` that is being read
};

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

bool is_digit(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

bool continues_word(std::string_view text, std::size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_');
}

class Scanner {
  public:
    Scanner(std::string_view text, std::uint32_t file, diagnostics::Sink& sink)
        : text_(text), file_(file), sink_(sink), stream_(text), lexer_(&stream_) {
        lexer_.removeErrorListeners();
    }

    Lexemes scan();

  private:
    std::size_t mode() const;
    void take(std::size_t type);
    void take_code(std::size_t type);
    void take_text(std::size_t type);
    void take_format(std::size_t type);
    void take_string(std::size_t type);
    std::size_t end_of_number(std::size_t type) const;
    void take_number(std::size_t type);
    void take_word();
    void take_unknown();
    void take_foreign_string();
    bool take_interpolation_symbol(std::size_t type);
    void open_template(std::uint32_t quote_size);
    void open_quote();
    void newline();
    void break_templates();
    void end_of_text();
    void check_utf8();

    void emit(std::size_t type) { emit(type, begin_, end_); }
    void emit(std::size_t type, std::uint32_t begin, std::uint32_t end) {
        lexemes_.push_back({begin, end, static_cast<std::uint16_t>(type), newline_});
        newline_ = false;
    }
    Span span() const { return {file_, begin_, end_}; }
    std::string_view word() const { return text_.substr(begin_, end_ - begin_); }

    std::string_view text_;
    std::uint32_t file_;
    diagnostics::Sink& sink_;
    ByteStream stream_;
    NyxLexer lexer_;
    Lexemes lexemes_;
    std::vector<Template> templates_;
    std::uint32_t begin_ = 0;  // of the lexeme at hand
    std::uint32_t end_ = 0;
    bool newline_ = true;
};

Lexemes Scanner::scan() {
    check_utf8();
    if (text_.starts_with("\xEF\xBB\xBF")) stream_.seek(3);
    auto* automaton = lexer_.getInterpreter<antlr4::atn::LexerATNSimulator>();
    while (stream_.index() < text_.size()) {
        begin_ = static_cast<std::uint32_t>(stream_.index());
        std::size_t type = automaton->match(&stream_, mode());
        end_ = static_cast<std::uint32_t>(stream_.index());
        take(type);
        if (lexemes_.size() > kMaxLexemes) {
            sink_.report(Code::kFileTooLarge, span(),
                         fmt::format("the file has more than {} words and symbols", kMaxLexemes));
            return {};
        }
    }
    end_of_text();
    return std::move(lexemes_);
}

std::size_t Scanner::mode() const {
    if (templates_.empty()) return 0;
    switch (templates_.back().part) {
        case Template::Part::kCode:
            return 0;
        case Template::Part::kFormat:
            return NyxLexer::FORMAT;
        default:
            return templates_.back().triple ? NyxLexer::TRIPLE_TEMPLATE : NyxLexer::TEMPLATE;
    }
}

void Scanner::take(std::size_t type) {
    if (templates_.empty() || templates_.back().part == Template::Part::kCode) return take_code(type);
    return templates_.back().part == Template::Part::kText ? take_text(type) : take_format(type);
}

void Scanner::take_code(std::size_t type) {
    switch (type) {
        case NyxLexer::BLANK:
        case NyxLexer::COMMENT:
            return;
        case NyxLexer::NEWLINE:
            return newline();
        case NyxLexer::STRING:
        case NyxLexer::TRIPLE_STRING:
            return take_string(type);
        case NyxLexer::OPEN_TRIPLE:
            return open_template(3);
        case NyxLexer::OPEN_QUOTE:
            return open_quote();
        case NyxLexer::INTEGER:
        case NyxLexer::FLOAT:
            return take_number(type);
        case NyxLexer::IDENTIFIER:
            return take_word();
        case NyxLexer::BEYOND_ASCII:
        case NyxLexer::UNKNOWN:
            return take_unknown();
        default:
            if (!take_interpolation_symbol(type)) emit(type);
    }
}

// A symbol that may end the code of a `${`.
bool Scanner::take_interpolation_symbol(std::size_t type) {
    if (templates_.empty()) return false;
    Template& top = templates_.back();
    switch (type) {
        case NyxLexer::LPAREN:
        case NyxLexer::LBRACKET:
        case NyxLexer::LBRACE:
            top.open.push_back(text_[begin_]);
            return false;
        case NyxLexer::RPAREN:
        case NyxLexer::RBRACKET:
            if (!top.open.empty() && top.open.back() == (type == NyxLexer::RPAREN ? '(' : '[')) top.open.pop_back();
            return false;
        case NyxLexer::RBRACE:
            if (auto brace = top.open.rfind('{'); brace != std::string::npos) return top.open.resize(brace), false;
            emit(NyxLexer::INTERPOLATION_END);
            top.part = Template::Part::kText;
            return true;
        case NyxLexer::COLON:
            if (!top.open.empty()) return false;
            top.part = Template::Part::kFormat;
            return true;
        default:
            return false;
    }
}

void Scanner::take_text(std::size_t type) {
    switch (type) {
        case NyxLexer::INTERPOLATION_BEGIN:
        case NyxLexer::TRIPLE_INTERPOLATION:
            templates_.back().part = Template::Part::kCode;
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
    Template& top = templates_.back();
    if (text_[begin_] == '}') {
        top.part = Template::Part::kText;
        return emit(NyxLexer::INTERPOLATION_END);
    }
    if (text_[begin_] == '"') {
        sink_.report(Code::kUnclosedString, span(), "expected `}` to close the `${` in this string")
            .label({file_, top.begin, top.begin + 1}, "the string begins here");
        emit(NyxLexer::INTERPOLATION_END, begin_, begin_);
        top.part = Template::Part::kText;
    } else {
        top.part = Template::Part::kCode;
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
    templates_.push_back({begin_, quote_size == 3, Template::Part::kText, {}});
}

// A quote whose string does not end on its line.
void Scanner::open_quote() {
    if (text_[begin_] == '"') return open_template(1);
    end_ = static_cast<std::uint32_t>(std::min(text_.find_first_of("\r\n", begin_), text_.size()));
    stream_.seek(end_);
    report_unclosed_string(text_, span(), '\'', sink_);
    emit(NyxLexer::ERROR);
}

void Scanner::newline() {
    if (!templates_.empty() && !templates_.back().triple) break_templates();
    newline_ = templates_.empty() || templates_.back().part != Template::Part::kText;
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
    templates_.back().part = Template::Part::kText;
}

void Scanner::end_of_text() {
    begin_ = end_ = static_cast<std::uint32_t>(text_.size());
    if (!templates_.empty() && !templates_.back().triple) break_templates();
    if (templates_.empty()) return;
    std::uint32_t begin = templates_.front().begin;
    sink_.report(Code::kUnclosedString, {file_, begin, begin + 3}, "this string is never closed",
                 "no `\"\"\"` follows up to the end of the file");
    for (; !templates_.empty(); templates_.pop_back()) {
        if (templates_.back().part != Template::Part::kText) emit(NyxLexer::INTERPOLATION_END);
        emit(NyxLexer::TEMPLATE_END);
    }
}

// `12abc`, `0xfg`, `1.2.3` and `10.0.2.15` are one wrong number, unless the letters are a unit (`5ms`).
std::size_t Scanner::end_of_number(std::size_t type) const {
    std::size_t end = end_;
    while (continues_word(text_, end)) ++end;
    auto goes_on = [&] { return text_.substr(end, 1) == "." && is_digit(text_, end + 1); };
    bool point = type == NyxLexer::FLOAT || text_.substr(begin_, end - begin_).find('.') != std::string_view::npos;
    while (point && goes_on()) {
        for (++end; continues_word(text_, end);) ++end;
    }
    return end;
}

void Scanner::take_number(std::size_t type) {
    std::size_t word_end = end_of_number(type);
    bool plain = word_end == end_ || is_unit(text_.substr(end_, word_end - end_));
    if (!plain) end_ = static_cast<std::uint32_t>(word_end);
    if (!plain) stream_.seek(end_);
    bool whole = type == NyxLexer::INTEGER;
    NumberError error = !plain ? NumberError::kMalformed : NumberError::kNone;
    if (plain && whole) error = parse_integer(word()).error;
    if (plain && !whole && !parse_float(word())) error = NumberError::kTooLarge;
    if (error == NumberError::kMalformed) report_bad_number(word(), span(), sink_);
    if (error == NumberError::kTooLarge) report_large_number(span(), whole, sink_);
    emit(error == NumberError::kNone ? type : static_cast<std::size_t>(NyxLexer::ERROR));
}

// A word after a number on its line is its unit.
void Scanner::take_word() {
    bool after_number = !lexemes_.empty() && !newline_ &&
                        (lexemes_.back().type == NyxLexer::INTEGER || lexemes_.back().type == NyxLexer::FLOAT);
    if (!after_number) return emit(NyxLexer::IDENTIFIER);
    std::uint32_t rate_end = end_ + 2;
    if (text_.substr(end_, 2) == "/s" && !continues_word(text_, rate_end)) {
        if (is_unit(text_.substr(begin_, rate_end - begin_))) end_ = rate_end;
    }
    stream_.seek(end_);
    emit(is_unit(word()) ? NyxLexer::UNIT : NyxLexer::IDENTIFIER);
}

void Scanner::take_unknown() {
    bool again = !lexemes_.empty() && lexemes_.back().type == NyxLexer::ERROR && lexemes_.back().end == begin_;
    if (again) {
        lexemes_.back().end = end_;
        return;
    }
    CodePoint c = decode_utf8(text_, begin_);
    if (c.size > 0) {
        if (is_foreign_quote(c.value)) take_foreign_string();
        report_unknown_character(text_, span(), c, sink_);
    }
    emit(NyxLexer::ERROR);
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

void Scanner::check_utf8() {
    constexpr int kMaxReports = 10;  // a file in another encoding has one mistake, not thousands
    std::size_t at = find_invalid_utf8(text_, 0);
    for (int reports = 0; at != std::string_view::npos && reports < kMaxReports; ++reports) {
        auto begin = static_cast<std::uint32_t>(at);
        sink_
            .report(Code::kNotUtf8, {file_, begin, begin + 1}, "this byte is not part of a UTF-8 character",
                    fmt::format("byte 0x{:02x} at offset {}", static_cast<unsigned char>(text_[at]), at))
            .help("save the file as UTF-8");
        // The rest of a run belongs to the same mistake.
        while (at < text_.size() && decode_utf8(text_, at).size == 0) ++at;
        at = find_invalid_utf8(text_, at);
    }
}

}  // namespace

Lexemes scan(std::string_view text, std::uint32_t file, diagnostics::Sink& sink) {
    return Scanner(text, file, sink).scan();
}

}  // namespace nyx::syntax

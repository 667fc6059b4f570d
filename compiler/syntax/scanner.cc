#include "compiler/syntax/scanner.h"

#include <NyxLexer.h>
#include <fmt/format.h>

#include <algorithm>

#include "compiler/syntax/byte_stream.h"
#include "compiler/syntax/literals.h"
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

bool continues_word(std::string_view text, std::size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_');
}

std::string_view advice_for(char32_t c) {
    switch (c) {
        case 0x201C:
        case 0x201D:
        case 0x201E:
            return "use a straight quote: `\"`";
        case 0x2018:
        case 0x2019:
            return "use a straight quote: `'`";
        case 0x2013:
        case 0x2014:
        case 0x2212:
            return "use an ASCII minus: `-`";
        case 0x00A0:
        case 0x3000:
            return "this blank is not an ASCII blank; type a normal one";
        case 0xFEFF:
        case 0x200B:
            return "this character is invisible; delete it";
        case U'`':
            return "strings stand between `\"`";
        default:
            return "names are made of ASCII letters, digits and `_`; anything else belongs into a string or a comment";
    }
}

bool is_curved_quote(char32_t c) {
    return c == 0x2018 || c == 0x2019 || (c >= 0x201C && c <= 0x201E);
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
    void take_number(std::size_t type);
    void take_word();
    void take_unknown();
    void take_curved_string();
    bool take_interpolation_symbol(std::size_t type);
    void open_template(std::uint32_t quote_size);
    void open_quote();
    void newline();
    void break_templates();
    void end_of_text();
    void check_escapes(std::uint32_t begin, std::uint32_t end);
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
            check_escapes(begin_, end_);
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
    check_escapes(begin_ + quote, end_ - quote);
    emit(type);
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
    sink_.report(Code::kUnclosedString, span(), "this string has no closing `'` on its line");
    emit(NyxLexer::ERROR);
}

void Scanner::newline() {
    if (!templates_.empty() && !templates_.back().triple) break_templates();
    newline_ = true;
}

// The line ends inside one or more "…": one mistake, that of the outermost.
void Scanner::break_templates() {
    std::uint32_t begin = begin_;
    while (!templates_.empty() && !templates_.back().triple) {
        if (templates_.back().part != Template::Part::kText) emit(NyxLexer::INTERPOLATION_END, begin_, begin_);
        emit(NyxLexer::TEMPLATE_END, begin_, begin_);
        begin = templates_.back().begin;
        templates_.pop_back();
    }
    auto& report =
        sink_.report(Code::kUnclosedString, {file_, begin, begin_}, "this string has no closing `\"` on its line");
    report.help("end it with `\"`, or use \"\"\"…\"\"\" for a text of several lines");
    if (templates_.empty()) return;
    report.label({file_, templates_.back().begin, templates_.back().begin + 3}, "inside the string that begins here");
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

void Scanner::check_escapes(std::uint32_t begin, std::uint32_t end) {
    std::string_view text = text_.substr(begin, end - begin);
    if (text.find('\\') == std::string_view::npos) return;
    unescape(text, [&](std::size_t at, std::size_t size) {
        auto first = static_cast<std::uint32_t>(begin + at);
        Span place{file_, first, first + static_cast<std::uint32_t>(size)};
        sink_.report(Code::kBadEscape, place, fmt::format("`{}` is not an escape", text.substr(at, size)))
            .help(R"(the escapes are \n \t \r \0 \a \e \\ \" \' \$ \x41 and \u{1F600}; a backslash itself is \\)");
    });
}

void Scanner::take_number(std::size_t type) {
    // `12abc` and `0xfg` are one wrong number, unless the letters are a unit (`5ms`).
    std::size_t word_end = end_;
    while (continues_word(text_, word_end)) ++word_end;
    bool plain = word_end == end_ || is_unit(text_.substr(end_, word_end - end_));
    if (!plain) end_ = static_cast<std::uint32_t>(word_end);
    if (!plain) stream_.seek(end_);
    bool whole = type == NyxLexer::INTEGER;
    NumberError error = !plain ? NumberError::kMalformed : NumberError::kNone;
    if (plain && whole) error = parse_integer(word()).error;
    if (plain && !whole && !parse_float(word())) error = NumberError::kTooLarge;
    if (error == NumberError::kMalformed) {
        auto& finding = sink_.report(Code::kBadNumber, span(), fmt::format("`{:.60}` is not a number", word()));
        std::size_t letters = std::min(word().find_first_not_of("0123456789"), word().size());
        std::string_view unit = size_meant(word().substr(letters));
        if (letters > 0 && !unit.empty()) {
            std::string meant = fmt::format("{:.30} {}", word().substr(0, letters), unit);
            finding.help(fmt::format("a size is written with its whole unit: `{}`", meant));
            finding.fix({fmt::format("write `{}`", meant), diagnostics::Applicability::kSuggestion, {{span(), meant}}});
        } else {
            finding.help(
                "numbers are written 42, 1_000, 0x2a, 0o52, 0b101010, 1.5 or 1e9, with an optional unit: 2 GiB");
        }
    } else if (error == NumberError::kTooLarge) {
        sink_.report(Code::kNumberTooLarge, span(), "this number is too large",
                     whole
                         ? "integers have 64 bits: at most 9223372036854775807, or 0xffffffffffffffff as a bit pattern"
                         : "at most about 1.8e308");
    }
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
        Span first{file_, begin_, begin_ + static_cast<std::uint32_t>(c.size)};
        bool shown = c.value >= 0x20 && c.value != 0x7F && c.value != 0xFEFF && c.value != 0xA0;
        if (is_curved_quote(c.value)) take_curved_string();
        std::string what = fmt::format("U+{:04X}", static_cast<std::uint32_t>(c.value));
        if (shown) what = fmt::format("`{}`", text_.substr(begin_, c.size));
        sink_.report(Code::kUnknownCharacter, first, fmt::format("{} does not belong into a program", what))
            .help(std::string(advice_for(c.value)));
    }
    emit(NyxLexer::ERROR);
}

// “text” as other programs write it: one mistake, up to the closing quote on the same line.
void Scanner::take_curved_string() {
    std::size_t line_end = std::min(text_.find_first_of("\r\n", begin_), text_.size());
    for (std::size_t at = begin_ + 3; at < line_end; ++at) {
        CodePoint c = decode_utf8(text_, at);
        if (c.size != 3 || !is_curved_quote(c.value)) continue;
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

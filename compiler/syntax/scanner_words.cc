#include "compiler/syntax/lexeme_scanner.h"
#include "compiler/syntax/literals.h"
#include "compiler/syntax/scanner_complaints.h"
#include "compiler/syntax/units.h"
#include "runtime/base/utf8.h"

namespace nyx::syntax {

using grammar::NyxLexer;

namespace {

bool is_digit(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

bool continues_word(std::string_view text, std::size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_');
}

}  // namespace

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

}  // namespace nyx::syntax

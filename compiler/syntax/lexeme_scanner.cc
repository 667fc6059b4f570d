#include "compiler/syntax/lexeme_scanner.h"

#include <fmt/format.h>

#include "runtime/base/utf8.h"

namespace nyx::syntax {

using diagnostics::Code;
using grammar::NyxLexer;

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
        case TemplateString::Part::kCode:
            return 0;
        case TemplateString::Part::kFormat:
            return NyxLexer::FORMAT;
        default:
            return templates_.back().triple ? NyxLexer::TRIPLE_TEMPLATE : NyxLexer::TEMPLATE;
    }
}

void Scanner::take(std::size_t type) {
    if (templates_.empty() || templates_.back().part == TemplateString::Part::kCode) return take_code(type);
    return templates_.back().part == TemplateString::Part::kText ? take_text(type) : take_format(type);
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
    TemplateString& top = templates_.back();
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
            top.part = TemplateString::Part::kText;
            return true;
        case NyxLexer::COLON:
            if (!top.open.empty()) return false;
            top.part = TemplateString::Part::kFormat;
            return true;
        default:
            return false;
    }
}

void Scanner::newline() {
    if (!templates_.empty() && !templates_.back().triple) break_templates();
    newline_ = templates_.empty() || templates_.back().part != TemplateString::Part::kText;
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

}  // namespace nyx::syntax

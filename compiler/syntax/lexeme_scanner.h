// The scanner itself: the lexer's automaton, the strings that the place at hand is inside of, and the lexemes so far.
// scanner.h says what comes of it. lexeme_scanner.cc goes through the text, scanner_strings.cc reads strings,
// scanner_words.cc words and numbers.
#pragma once

#include <NyxLexer.h>

#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/byte_stream.h"
#include "compiler/syntax/lexeme.h"

namespace nyx::syntax {

// A string with `${`, from its quote to its end.
struct TemplateString {
    enum class Part { kText, kCode, kFormat };
    std::uint32_t begin = 0;
    bool triple = false;
    Part part = Part::kText;
    std::string open;  // brackets inside the `${` that is being read
};

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
    grammar::NyxLexer lexer_;
    Lexemes lexemes_;
    std::vector<TemplateString> templates_;
    std::uint32_t begin_ = 0;  // of the lexeme at hand
    std::uint32_t end_ = 0;
    bool newline_ = true;
};

}  // namespace nyx::syntax

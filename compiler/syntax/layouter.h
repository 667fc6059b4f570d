// The work behind lay_out(): lexemes one after another, the brackets that are open, and the tokens so far, of which the
// last may still become a keyword by what follows. Private to this folder.
#pragma once

#include <NyxLexer.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/lexeme.h"
#include "compiler/syntax/token.h"

namespace nyx::syntax {

// After one of these an expression must follow, so a statement cannot end there.
bool wants_operand(std::uint16_t type);
// The operators after which only a value can follow: `a +`, `x =`, but not `case 1:`.
bool wants_value(std::uint16_t type);
bool begins_operand(std::uint16_t type);

// What is between two brackets, or the whole file.
struct Scope {
    std::uint32_t opener = 0;           // index of its token
    std::uint32_t statement_start = 0;  // index of the first token of the statement at hand
    bool block = true;                  // newlines count, statements stand here
    bool braces = true;
    bool machine = false;  // directly in the body of a machine
    bool items = false;    // directly in a device declaration, or in a part of it that holds items
    bool device = false;   // anywhere in one
    bool parameters = false;
};

class Layouter {
  public:
    Layouter(const Lexemes& lexemes, std::string_view text, std::uint32_t file, diagnostics::Sink& sink)
        : lexemes_(lexemes), text_(text), file_(file), sink_(sink) {}

    std::vector<SyntaxToken> run();

  private:
    void take(const Lexeme& lexeme);
    void push(const Lexeme& lexeme);
    bool begins_part(std::uint16_t before) const;
    std::uint16_t head() const;
    bool is_unit(const Lexeme& lexeme) const;
    void report_unit(const Lexeme& lexeme);
    void open(const Lexeme& lexeme);
    void close();
    bool opens_block() const;

    // layout_lines.cc
    void break_line(const Lexeme& next);
    bool begins_statement(const Lexeme& lexeme) const;
    bool follows_block(const Lexeme& lexeme) const;
    void end_statement(std::uint32_t begin, std::uint32_t end);
    bool ends_generic_type() const;

    // layout_words.cc
    std::uint16_t type_of(const Lexeme& lexeme) const;
    void look_back(const SyntaxToken& next);
    void promote(SyntaxToken& word, const SyntaxToken& next);
    bool promotes_item(std::uint16_t keyword, const SyntaxToken& next) const;
    bool is_meant(std::uint16_t keyword, const SyntaxToken& next) const;
    std::uint16_t device_word(std::string_view word, const SyntaxToken& next) const;
    bool names_an_entry(std::size_t word, std::uint16_t next) const;

    Scope& scope() { return scopes_.back(); }
    const Scope& scope() const { return scopes_.back(); }
    std::uint16_t previous() const {
        return out_.empty() ? std::uint16_t{grammar::NyxLexer::END_OF_STATEMENT} : out_.back().type;
    }
    std::string_view text_of(std::uint32_t begin, std::uint32_t end) const { return text_.substr(begin, end - begin); }

    const Lexemes& lexemes_;
    std::string_view text_;
    std::uint32_t file_;
    diagnostics::Sink& sink_;
    std::vector<SyntaxToken> out_;
    std::vector<Scope> scopes_{{}};
};

}  // namespace nyx::syntax

// The balancer itself: what is open at a lexeme, and what indentation says about brackets that were forgotten.
// brackets.h says what comes of it. balancer.cc goes through the lexemes, balancer_guesses.cc decides which bracket is
// meant, balancer_reports.cc says what is wrong.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/lexeme.h"

namespace nyx::syntax {

std::uint16_t closer_of(std::uint16_t opener);
// "(" … "}"
std::string_view bracket_text(std::uint16_t type);

struct OpenBracket {
    Lexeme bracket;
    std::size_t at = 0;          // in the output
    std::uint32_t indent = 0;    // of the line on which it stands
    bool body_indented = false;  // a line inside it stands further right
};

class Balancer {
  public:
    Balancer(Lexemes lexemes, std::string_view text, std::uint32_t file, diagnostics::Sink& sink)
        : in_(std::move(lexemes)), text_(text), file_(file), sink_(sink) {}

    Lexemes balance();

  private:
    void take(const Lexeme& lexeme);
    void take_opener(const Lexeme& lexeme);
    void take_closer(const Lexeme& lexeme);
    bool is_wrong_closer(const Lexeme& lexeme) const;
    void take_wrong_closer(const Lexeme& lexeme);
    void take_stray(const Lexeme& lexeme);
    Span with_its_line(const Lexeme& lexeme) const;
    std::string closing_text(const OpenBracket& open) const;
    void take_string_part(const Lexeme& lexeme);
    void close_swallowed(std::uint32_t begin, std::uint32_t end);
    std::size_t skip_group(std::size_t at);
    void new_line(const Lexeme& lexeme);
    bool forgotten(const OpenBracket& top, const Lexeme& lexeme) const;
    // The open bracket that this closer belongs to: its index, or npos.
    std::size_t partner_of(const Lexeme& closer) const;
    void close_top();
    void report_unclosed(const OpenBracket& open);
    void end();
    std::string describe(const OpenBracket& open) const;
    std::uint32_t indent_of(const Lexeme& lexeme) const;
    std::uint32_t previous_end() const { return out_.empty() ? 0 : out_.back().end; }

    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    Lexemes in_, out_;
    std::size_t at_ = 0;  // of the lexeme at hand
    std::vector<OpenBracket> open_;
    std::string_view text_;
    std::uint32_t file_;
    diagnostics::Sink& sink_;
    std::size_t guesses_ = 0;
    std::uint32_t indent_ = 0;        // of the line at hand
    std::size_t strings_ = 0;         // that the lexeme at hand stands in
    std::uint32_t string_begin_ = 0;  // of the outermost
    bool too_deep_ = false;
};

}  // namespace nyx::syntax

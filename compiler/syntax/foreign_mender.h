// Walks over the lexemes of a file once and mends what other languages write; the forms by the language family that
// they come from are in foreign_blocks.cc, foreign_machines.cc, foreign_fields.cc, foreign_words.cc and
// foreign_values.cc. Private to foreign*.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/lexeme.h"

namespace nyx::syntax {

inline constexpr std::string_view kMachineForm =
    "write `machine web {`, in it a line `name = value` for each field, and `}` at the end";

// The same slip, again and again: said at its first place, with a fix for all.
struct Slips {
    static constexpr std::size_t kMostEdits = 100;
    Span first;
    std::string message;
    std::vector<diagnostics::Edit> edits;
    std::size_t count = 0;

    void add(Span where, std::string what, diagnostics::Edit edit);
};

class Mender {
  public:
    Mender(Lexemes lexemes, std::string_view text, std::uint32_t file, diagnostics::Sink& sink)
        : in_(std::move(lexemes)), text_(text), file_(file), sink_(sink) {}

    Lexemes run();
    // Taken out: what was said of it before does not matter any more.
    bool is_dropped(Span span) const;

  private:
    struct Scope {
        bool lines = true;    // holds statements
        bool fields = false;  // those of a machine or device
        // Of the statement at hand:
        std::size_t words = 0;
        Lexeme head;
        bool assigned = false;
    };

    // Reading.
    Scope& scope() { return scopes_.back(); }
    bool at_top() const { return scopes_.size() == 1; }
    const Lexeme* next(std::size_t steps) const { return at_ + steps < in_.size() ? &in_[at_ + steps] : nullptr; }
    // Of the lexeme so many steps on, in this line; 0 where the line has ended.
    std::uint16_t type(std::size_t steps) const;
    std::uint16_t last_type() const { return out_.empty() ? std::uint16_t{0} : out_.back().type; }
    std::string_view text_of(const Lexeme& lexeme) const {
        return text_.substr(lexeme.begin, lexeme.end - lexeme.begin);
    }
    std::string text_between(std::uint32_t begin, std::uint32_t end) const {
        return std::string(text_.substr(begin, end - begin));
    }
    Span span(const Lexeme& lexeme) const { return {file_, lexeme.begin, lexeme.end}; }
    std::size_t indent_of(const Lexeme& lexeme) const;
    std::size_t line_end() const;
    // Behind the bracket that closes this one, or the end of the text.
    std::size_t end_of_group(std::size_t opener) const;
    // Behind the expression that begins there: its line's end, or a `,`, `;` or closer that is not its own.
    std::size_t end_of_value(std::size_t at) const;
    static bool is_plain_name(std::string_view word);

    // Passing on, and taking out.
    void begin_statement();
    void keep(const Lexeme& lexeme);
    void keep_steps(std::size_t count);
    void open(const Lexeme& lexeme);
    void close();
    void drop_to(std::size_t end);
    // The lines that stand further right, and those of the same depth that `more` takes.
    template <typename More>
    void drop_block(std::size_t from, std::size_t indent, More more);
    // One ERROR in place of these lexemes: an expression that was reported.
    void keep_mistake(std::size_t end);
    diagnostics::Diagnostic& say(const Lexeme& where, std::string message);
    void report(Slips& slips, std::string_view title, std::string_view help);

    // Mending. Each returns whether it has dealt with what stands at at_.
    bool mend_statement();
    bool mend_anywhere();

    // foreign_blocks.cc: Python, YAML, TOML, Terraform
    bool begins_colon_block(std::size_t words) const;
    bool goes_on_with_block(std::size_t at) const;
    bool goes_on_after_block(std::size_t at) const;
    bool mend_colon_block();
    bool mend_yaml();
    bool mend_toml();
    bool mend_labelled_block();

    // foreign_machines.cc: what stands between `machine` and its block
    void join_brace();
    bool mend_machine();
    bool keep_machine_with_string();
    bool keep_machine_with_keyword();
    bool keep_machine_without_sign();
    bool keep_machine_with_base();
    bool keep_machine_with_dash();

    // foreign_fields.cc: how others write a field, and what they put between fields
    bool mend_field();
    bool mend_quoted_field();
    bool mend_missing_value();
    bool mend_missing_separator();
    bool mend_comma();
    bool mend_slashes();
    bool mend_comment();
    diagnostics::Edit separator(std::uint32_t begin, std::uint32_t end);

    // foreign_words.cc: words of other languages at the head of a statement
    bool mend_word();
    bool mend_after_block();
    bool mend_negated_condition();
    bool mend_do();
    bool mend_import_path();

    // foreign_values.cc: what others write in expressions
    bool mend_lambda();
    bool mend_arrow();
    bool mend_new();
    bool mend_long_equal();
    bool mend_dollar();
    void mend_function(std::size_t sign, std::size_t body, std::string_view what, const std::string& parameters);

    Lexemes in_;
    std::string_view text_;
    std::uint32_t file_;
    diagnostics::Sink& sink_;
    Lexemes out_;
    std::size_t at_ = 0;
    std::vector<Scope> scopes_{{}};
    std::vector<Span> dropped_;  // in the order of the text
    Slips commas_, braces_, colons_, quotes_, comments_;
    bool all_closed_ = true;  // no `/*` without its `*/` so far
};

template <typename More>
void Mender::drop_block(std::size_t from, std::size_t indent, More more) {
    std::size_t end = from;
    for (; end < in_.size(); ++end) {
        if (in_[end].first_on_line && indent_of(in_[end]) <= indent && !more(end)) break;
    }
    drop_to(end);
}

}  // namespace nyx::syntax

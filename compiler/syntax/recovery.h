// How the parser goes on after a mistake: one diagnostic in the user's terms, then as little as possible is skipped.
//
// Three places catch: an expression or type ends early, an item of a list ends at its `,` or bracket, a statement at
// its end. Where one certain token is missing (`{` after a header, `)` of a list) the text up to it is skipped instead,
// so that what surrounds the mistake keeps its shape. Nothing is reported twice at one token, and nothing at an ERROR
// token, which has been reported.
//
// A statement that is known from an earlier parse is read anew where it is not what must come: what is said and skipped
// there is decided by its tokens.
#pragma once

#include <antlr4-runtime.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/token.h"

namespace nyx::syntax {

class Recovery final : public antlr4::ANTLRErrorStrategy {
  public:
    Recovery(TokenList& tokens, std::string_view text, std::uint32_t file, diagnostics::Sink& sink);

    void reset(antlr4::Parser*) override {}
    antlr4::Token* recoverInline(antlr4::Parser* parser) override;
    void recover(antlr4::Parser* parser, std::exception_ptr error) override;
    void sync(antlr4::Parser* parser) override;
    bool inErrorRecoveryMode(antlr4::Parser*) override { return false; }
    void reportMatch(antlr4::Parser*) override { quiet_ = false; }
    void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) override;

    std::size_t mistakes() const { return mistakes_; }
    // Bytes at which the parser did not go on by itself, whether that was reported or not.
    const std::set<std::uint32_t>& places() const { return places_; }

  private:
    using Stop = bool (*)(const SyntaxToken&);

    // recovery.cc
    static bool is_list_of_statements(std::size_t rule);
    antlr4::Token* take_keyword_as_name(antlr4::Parser* parser);
    antlr4::Token* skip_to(antlr4::Parser* parser, std::uint16_t wanted, Stop stop);
    void find_repaired_groups();
    bool repaired(const SyntaxToken& token) const;
    bool leave_brackets(antlr4::ParserRuleContext* ctx);
    void skip(Stop stop);
    void skip_statement(antlr4::Parser* parser);

    // recovery_reports.cc
    void report(antlr4::Parser* parser, const SyntaxToken& found);
    bool names_something(antlr4::Parser* parser, const SyntaxToken& found);
    void report_keyword(const SyntaxToken& found);
    std::string describe(const SyntaxToken& token) const;

    // recovery_advice.cc
    void advise(diagnostics::Diagnostic& diagnostic, antlr4::Parser* parser, const SyntaxToken& found);
    bool advise_on_sign(diagnostics::Diagnostic& diagnostic, const SyntaxToken& found);
    void advise_on_words(diagnostics::Diagnostic& diagnostic, std::size_t rule, const SyntaxToken& before,
                         const SyntaxToken& found);
    void advise_block(diagnostics::Diagnostic& diagnostic, const SyntaxToken& name);
    void advise_parentheses(diagnostics::Diagnostic& diagnostic, const SyntaxToken& callee,
                            const SyntaxToken& argument);

    // recovery_expected.cc
    std::string expected(antlr4::Parser* parser) const;

    std::string_view text_of(const SyntaxToken& token) const {
        return text_.substr(token.begin, token.end - token.begin);
    }

    TokenList& tokens_;
    std::string_view text_;
    std::uint32_t file_;
    diagnostics::Sink& sink_;
    SyntaxToken missing_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> repaired_;  // bytes between ( ) or [ ] whose end was put in
    bool quiet_ = false;  // a mistake was reported and no token has been accepted since
    std::size_t mistakes_ = 0;
    std::set<std::uint32_t> places_;
};

}  // namespace nyx::syntax

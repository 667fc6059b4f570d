// What may have been meant: the help and the fixes of a diagnostic.
#include <NyxParser.h>
#include <fmt/format.h>

#include "compiler/syntax/keywords.h"
#include "compiler/syntax/recovery.h"

namespace nyx::syntax {

using grammar::NyxParser;

void Recovery::advise(diagnostics::Diagnostic& diagnostic, antlr4::Parser* parser, const SyntaxToken& found) {
    if (advise_on_sign(diagnostic, found)) return;
    const SyntaxToken* before = found.index > 0 ? &tokens_.at(found.index - 1) : nullptr;
    std::string_view advice = before ? advice_for_foreign_word(text_of(*before)) : std::string_view();
    if (!advice.empty()) {
        diagnostic.help(std::string(advice));
    } else if (found.type == NyxParser::ELSE) {
        diagnostic.help("an `else` follows the `}` of its `if`");
    } else if (before) {
        advise_on_words(diagnostic, parser->getRuleContext()->getRuleIndex(), *before, found);
    }
}

// False: the token alone says nothing about what was meant.
bool Recovery::advise_on_sign(diagnostics::Diagnostic& diagnostic, const SyntaxToken& found) {
    if (found.type == NyxParser::ASSIGN) {
        diagnostic.help("`=` sets a value and stands alone in a statement; `==` compares");
    } else if (found.type == NyxParser::FLOOR_DIVIDE || text_of(found) == "/") {
        bool first = found.index == 0 || tokens_.at(found.index - 1).type == NyxParser::END_OF_STATEMENT;
        if (first) diagnostic.help("comments begin with `#`");
    } else if (found.type == NyxParser::QUESTION) {
        diagnostic.help("Nyx has no `? :`; write `if condition { … } else { … }`");
    } else {
        return false;
    }
    return true;
}

// Two words that stand beside one another.
void Recovery::advise_on_words(diagnostics::Diagnostic& diagnostic, std::size_t rule, const SyntaxToken& before,
                               const SyntaxToken& found) {
    bool no_block = found.type == NyxParser::END_OF_STATEMENT && rule == NyxParser::RuleDeviceStatement;
    if (no_block && found.index > 1) return advise_block(diagnostic, before);
    bool operand =
        found.type == NyxParser::IDENTIFIER || found.type == NyxParser::STRING || found.type == NyxParser::INTEGER;
    if (!operand) return;
    if (before.starts_statement && before.type == NyxParser::IDENTIFIER)
        return advise_parentheses(diagnostic, before, found);
    if (rule == NyxParser::RuleArguments) {
        diagnostic.fix("insert `,`", diagnostics::Applicability::kMaybeIncorrect, {file_, before.end, before.end}, ",");
    }
}

void Recovery::advise_block(diagnostics::Diagnostic& diagnostic, const SyntaxToken& name) {
    diagnostic
        .help(fmt::format("a device has a block, even if it is empty: `{} {} {{ }}`",
                          text_of(tokens_.at(name.index - 1)), text_of(name)))
        .fix("give it an empty block", diagnostics::Applicability::kMachineApplicable, {file_, name.end, name.end},
             " { }");
}

void Recovery::advise_parentheses(diagnostics::Diagnostic& diagnostic, const SyntaxToken& callee,
                                  const SyntaxToken& argument) {
    diagnostic.help(fmt::format("a call needs parentheses: `{}(…)`", text_of(callee)));
    bool whole =
        argument.index + 1 < tokens_.size() && tokens_.at(argument.index + 1).type == NyxParser::END_OF_STATEMENT;
    if (!whole) return;
    diagnostic.fix({"put parentheses around it",
                    diagnostics::Applicability::kMachineApplicable,
                    {{{file_, callee.end, argument.begin}, "("}, {{file_, argument.end, argument.end}, ")"}}});
}

}  // namespace nyx::syntax

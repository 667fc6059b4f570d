// What a mistake is: the diagnostic.
#include <NyxParser.h>
#include <fmt/format.h>

#include "compiler/syntax/keywords.h"
#include "compiler/syntax/recovery.h"

namespace nyx::syntax {

using diagnostics::Code;
using grammar::NyxParser;

void Recovery::reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) {
    antlr4::Token* token = error.getOffendingToken();
    std::size_t index = token ? token->getTokenIndex() : tokens_.index();
    tokens_.forget(index);
    report(parser, tokens_.at(index));
}

void Recovery::report(antlr4::Parser* parser, const SyntaxToken& found) {
    places_.insert(found.begin);
    if (quiet_) return;
    quiet_ = true;
    if (found.type == NyxParser::ERROR || repaired(found)) return;
    ++mistakes_;
    if (names_something(parser, found)) return report_keyword(found);
    std::string wanted = found.index == tokens_.index() ? expected(parser) : std::string();
    std::string message = wanted.empty() ? fmt::format("{} does not fit here", describe(found))
                                         : fmt::format("expected {}, found {}", wanted, describe(found));
    // The end of a line has no width of its own: point behind the last word.
    auto& diagnostic = sink_.report(Code::kSyntax, {file_, found.begin, found.end}, std::move(message));
    advise(diagnostic, parser, found);
}

// A keyword where only a name can stand.
bool Recovery::names_something(antlr4::Parser* parser, const SyntaxToken& found) {
    if (!is_keyword(found.type)) return false;
    bool first_parameter = found.index >= 3 && text_of(tokens_.at(found.index - 1)) == "(" &&
                           tokens_.at(found.index - 3).type == NyxParser::FN;
    if (first_parameter) return true;
    if (found.index != tokens_.index()) return tokens_.at(found.index - 1).type == NyxParser::FN;
    antlr4::misc::IntervalSet set = parser->getExpectedTokens();
    return set.contains(static_cast<size_t>(NyxParser::IDENTIFIER)) &&
           !set.contains(static_cast<size_t>(NyxParser::INTEGER));
}

void Recovery::report_keyword(const SyntaxToken& found) {
    Span where{file_, found.begin, found.end};
    sink_
        .report(Code::kKeywordAsName, where, fmt::format("`{}` is a keyword and cannot be a name here", text_of(found)))
        .fix(fmt::format("call it `{}_`", text_of(found)), diagnostics::Applicability::kMaybeIncorrect, where,
             fmt::format("{}_", text_of(found)));
}

std::string Recovery::describe(const SyntaxToken& token) const {
    switch (token.type) {
        case SyntaxToken::kEof:
            return "the end of the file";
        case NyxParser::END_OF_STATEMENT:
            if (token.end > token.begin) return "`;`";
            if (tokens_.at(token.index + 1).type == NyxParser::RBRACE) return "`}`";
            return tokens_.at(token.index + 1).type == SyntaxToken::kEof ? "the end of the file"
                                                                         : "the end of the line";
        case NyxParser::TEMPLATE_BEGIN:
        case NyxParser::TRIPLE_STRING:
            return "a string";
        default:
            break;
    }
    if (token.begin == token.end) return "what follows";
    std::string_view text = text_of(token);
    return text.size() <= 40 ? fmt::format("`{}`", text) : std::string("this text");
}

}  // namespace nyx::syntax

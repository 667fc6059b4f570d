#include "compiler/syntax/recovery.h"

#include <NyxParser.h>

#include <algorithm>
#include <limits>

#include "compiler/syntax/brackets.h"
#include "compiler/syntax/keywords.h"

namespace nyx::syntax {

namespace {

using grammar::NyxParser;

bool ends_statement(const SyntaxToken& token) {
    return token.type == NyxParser::END_OF_STATEMENT || is_closer(token.type);
}

bool ends_item(const SyntaxToken& token) {
    return ends_statement(token) || token.type == NyxParser::COMMA || token.type == NyxParser::SEMICOLON;
}

bool ends_expression(const SyntaxToken& token) {
    return ends_item(token) || token.type == NyxParser::COLON || token.type == NyxParser::FAT_ARROW ||
           token.type == NyxParser::FORMAT_TEXT || token.type == NyxParser::TRIPLE_STRING ||
           token.type == NyxParser::LBRACE;
}

bool ends_type(const SyntaxToken& token) {
    return ends_expression(token) || token.type == NyxParser::ASSIGN || token.type == NyxParser::GREATER;
}

bool ends_header(const SyntaxToken& token) {
    return ends_statement(token) || token.type == NyxParser::LBRACE;
}

bool wants_closer(std::uint16_t type) {
    return is_closer(type) || type == NyxParser::TEMPLATE_END;
}

// A name is missing before one of these; what follows is as it should be.
bool may_follow_name(std::uint16_t type) {
    switch (type) {
        case NyxParser::ASSIGN:
        case NyxParser::COLON:
        case NyxParser::COMMA:
        case NyxParser::LPAREN:
        case NyxParser::LBRACE:
        case NyxParser::IN:
        case NyxParser::END_OF_STATEMENT:
            return true;
        default:
            return is_closer(type);
    }
}

antlr4::misc::IntervalSet wanted_here(antlr4::Parser* parser) {
    const auto* state = parser->getATN().states[parser->getState()];
    return state->transitions.size() == 1 ? state->transitions[0]->label() : antlr4::misc::IntervalSet();
}

}  // namespace

bool Recovery::is_list_of_statements(std::size_t rule) {
    switch (rule) {
        case NyxParser::RuleBlock:
        case NyxParser::RuleClassDeclaration:
        case NyxParser::RuleSchemaDeclaration:
        case NyxParser::RuleSwitchStatement:
        case NyxParser::RuleSwitchCase:
        case NyxParser::RuleMatchStatement:
        case NyxParser::RuleDeviceBody:
        case NyxParser::RuleRegBody:
        case NyxParser::RuleStateBody:
            return true;
        default:
            return false;
    }
}

Recovery::Recovery(TokenList& tokens, std::string_view text, std::uint32_t file, diagnostics::Sink& sink)
    : tokens_(tokens), text_(text), file_(file), sink_(sink), missing_(NyxParser::ERROR, 0, 0) {
    missing_.index = std::numeric_limits<std::uint32_t>::max();
    find_repaired_groups();
}

void Recovery::find_repaired_groups() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        const SyntaxToken& token = tokens_.at(i);
        bool list = token.type == NyxParser::RPAREN || token.type == NyxParser::RBRACKET;
        if (list && token.begin == token.end) repaired_.emplace_back(tokens_.at(token.partner).begin, token.end);
    }
}

// Inside brackets that were not closed everything else that seems wrong comes of that.
bool Recovery::repaired(const SyntaxToken& token) const {
    return std::any_of(repaired_.begin(), repaired_.end(),
                       [&](const auto& group) { return token.begin >= group.first && token.begin <= group.second; });
}

antlr4::Token* Recovery::recoverInline(antlr4::Parser* parser) {
    tokens_.forget(tokens_.index());
    places_.insert(tokens_.current().begin);
    antlr4::misc::IntervalSet wanted = wanted_here(parser);
    auto type = wanted.size() == 1 ? static_cast<std::uint16_t>(wanted.getMinElement()) : std::uint16_t{0};
    if (type == NyxParser::IDENTIFIER && is_keyword(tokens_.current().type)) return take_keyword_as_name(parser);
    report(parser, tokens_.current());
    antlr4::Token* found = nullptr;
    if (wants_closer(type)) found = skip_to(parser, type, ends_statement);
    if (type == NyxParser::LBRACE) found = skip_to(parser, type, ends_header);
    if (type == NyxParser::IDENTIFIER && may_follow_name(tokens_.current().type)) found = &missing_;
    if (type == NyxParser::END_OF_STATEMENT) {
        skip_statement(parser);
        found = &missing_;
    }
    if (!found) throw antlr4::InputMismatchException(parser);
    return found;
}

antlr4::Token* Recovery::take_keyword_as_name(antlr4::Parser* parser) {
    if (!quiet_) {
        ++mistakes_;
        report_keyword(tokens_.current());
    }
    quiet_ = true;
    return parser->consume();
}

// Skips to the token that must come; null where something else ends the search first.
antlr4::Token* Recovery::skip_to(antlr4::Parser* parser, std::uint16_t wanted, Stop stop) {
    std::size_t from = tokens_.index();
    while (tokens_.current().type != wanted && tokens_.current().type != SyntaxToken::kEof &&
           !stop(tokens_.current())) {
        const SyntaxToken& token = tokens_.current();
        bool whole = is_opener(token.type) && token.partner != SyntaxToken::kNoPartner;
        tokens_.seek(whole ? token.partner + 1 : token.index + 1);
    }
    if (tokens_.current().type == wanted) return parser->consume();
    tokens_.seek(from);
    return nullptr;
}

void Recovery::skip(Stop stop) {
    while (tokens_.current().type != SyntaxToken::kEof && !stop(tokens_.current())) {
        const SyntaxToken& token = tokens_.current();
        bool whole = is_opener(token.type) && token.partner != SyntaxToken::kNoPartner;
        tokens_.seek(whole ? token.partner + 1 : token.index + 1);
    }
}

// To the statement's end and past it. Blocks on the way are parsed, for the mistakes and names in them.
void Recovery::skip_statement(antlr4::Parser* parser) {
    auto* nyx = static_cast<NyxParser*>(parser);
    for (skip(ends_header); tokens_.current().type == NyxParser::LBRACE; skip(ends_header))
        tokens_.current().holds_items ? static_cast<void>(nyx->deviceBody()) : static_cast<void>(nyx->block());
    if (tokens_.current().type != NyxParser::END_OF_STATEMENT) return;
    tokens_.seek(tokens_.index() + 1);
    quiet_ = false;
}

void Recovery::recover(antlr4::Parser* parser, std::exception_ptr error) {
    tokens_.forget(tokens_.index());
    places_.insert(tokens_.current().begin);
    switch (parser->getRuleContext()->getRuleIndex()) {
        case NyxParser::RuleExpression:
            return skip(ends_expression);
        case NyxParser::RuleType:
            return skip(ends_type);
        case NyxParser::RuleArgument:
        case NyxParser::RuleParameter:
        case NyxParser::RuleMapEntry:
        case NyxParser::RuleArmBody:
            return skip(ends_item);
        case NyxParser::RuleStatement:
        case NyxParser::RuleClassMember:
        case NyxParser::RuleSchemaItem:
        case NyxParser::RuleSwitchCase:
        case NyxParser::RuleDeviceItem:
        case NyxParser::RuleRegMember:
        case NyxParser::RuleStateMember:
            return skip_statement(parser);
        case NyxParser::RuleMatchArm:
            skip(ends_item);
            if (!is_closer(tokens_.current().type)) tokens_.seek(tokens_.index() + 1);
            return;
        default:
            if (!leave_brackets(parser->getRuleContext())) std::rethrow_exception(error);
    }
}

// A rule that has entered brackets ends where they close. Never inside a statement's header, whose rule has entered
// none.
bool Recovery::leave_brackets(antlr4::ParserRuleContext* ctx) {
    for (auto child = ctx->children.rbegin(); child != ctx->children.rend(); ++child) {
        auto* terminal = dynamic_cast<antlr4::tree::TerminalNode*>(*child);
        if (!terminal) continue;
        const SyntaxToken& token = tokens_.at(terminal->getSymbol()->getTokenIndex());
        if (!is_opener(token.type) || token.partner < tokens_.index()) continue;
        tokens_.seek(token.partner + 1);
        return true;
    }
    return false;
}

// Before each element of a list of statements: text that begins none is skipped here, so that the list goes on after
// it.
void Recovery::sync(antlr4::Parser* parser) {
    std::size_t rule = parser->getRuleContext()->getRuleIndex();
    if (!is_list_of_statements(rule)) return;
    auto* state = parser->getATN().states[parser->getState()];
    auto kind = state->getStateType();
    if (kind != antlr4::atn::ATNState::STAR_LOOP_ENTRY && kind != antlr4::atn::ATNState::STAR_LOOP_BACK) return;
    const antlr4::misc::IntervalSet& next = parser->getATN().nextTokens(state);
    bool open_end = rule == NyxParser::RuleSwitchCase;
    auto fits = [&](std::uint16_t type) {
        bool ends_case = type == NyxParser::CASE || type == NyxParser::DEFAULT || type == NyxParser::RBRACE;
        return type == SyntaxToken::kEof || next.contains(static_cast<size_t>(type)) || (open_end && ends_case);
    };
    while (!fits(tokens_.current().type)) {
        tokens_.forget(tokens_.index());
        report(parser, tokens_.current());
        skip_statement(parser);
        if (is_closer(tokens_.current().type)) return;
    }
}

}  // namespace nyx::syntax

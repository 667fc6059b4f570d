// What could have stood where the parser did not go on, in the words of an author.
#include <NyxParser.h>
#include <fmt/format.h>

#include <utility>

#include "compiler/syntax/recovery.h"

namespace nyx::syntax {

using grammar::NyxParser;

namespace {

std::string_view name_of(std::size_t rule) {
    switch (rule) {
        case NyxParser::RuleMachineDeclaration:
            return "a name for the machine";
        case NyxParser::RuleSchemaDeclaration:
            return "a name for the schema";
        case NyxParser::RuleClassDeclaration:
            return "a name for the class";
        case NyxParser::RuleFnDeclaration:
            return "a name for the function";
        case NyxParser::RuleDeviceDeclaration:
            return "a name for the device";
        case NyxParser::RuleRegItem:
            return "a name for the register";
        case NyxParser::RuleLetStatement:
            return "a name for the value";
        case NyxParser::RuleParameter:
            return "the name of a parameter";
        default:
            return "a name";
    }
}

std::string_view expected_in_list(std::size_t rule) {
    switch (rule) {
        case NyxParser::RuleSwitchStatement:
            return "`case`, `default` or `}`";
        case NyxParser::RuleSchemaDeclaration:
        case NyxParser::RuleStateBody:
            return "a field, as in `name: type = value`";
        case NyxParser::RuleClassDeclaration:
            return "a field or `fn`";
        case NyxParser::RuleDeviceBody:
            return "an item of a device, as `reg`, `state` or `on`";
        case NyxParser::RuleRegBody:
            return "a field, as in `dlab: 7`, or `on`";
        default:
            return "a statement";
    }
}

constexpr std::pair<std::size_t, std::string_view> kSigns[] = {
    {NyxParser::COLON, "`:`"},      {NyxParser::ASSIGN, "`=`"}, {NyxParser::IN, "`in`"},
    {NyxParser::FAT_ARROW, "`=>`"}, {NyxParser::COMMA, "`,`"},  {NyxParser::SEMICOLON, "`;`"},
    {NyxParser::LPAREN, "`(`"},     {NyxParser::LBRACE, "`{`"}, {NyxParser::RPAREN, "`)`"},
    {NyxParser::RBRACKET, "`]`"},   {NyxParser::RBRACE, "`}`"}, {NyxParser::INTERPOLATION_END, "`}`"},
    {NyxParser::IMPORT, "`import`"}};

// Each of `set` that can be named, in a fixed order.
std::string one_of(const antlr4::misc::IntervalSet& set, std::size_t rule, std::string_view name) {
    std::string list;
    auto add = [&](std::size_t type, std::string_view text) {
        if (set.contains(type)) list += fmt::format("{}{}", list.empty() ? "" : " or ", text);
    };
    add(NyxParser::IDENTIFIER, name);
    add(NyxParser::STRING, "a string");
    if (rule == NyxParser::RuleRegItem || rule == NyxParser::RuleBankItem) add(NyxParser::AT, "`@`");
    for (const auto& [type, text] : kSigns) add(type, text);
    return list;
}

// The rule that wants a name, where `context` is that of the name itself.
std::size_t naming_rule(antlr4::ParserRuleContext* context) {
    bool of_name = context->getRuleIndex() == NyxParser::RuleName && context->parent;
    return (of_name ? static_cast<antlr4::ParserRuleContext*>(context->parent) : context)->getRuleIndex();
}

}  // namespace

std::string Recovery::expected(antlr4::Parser* parser) const {
    antlr4::misc::IntervalSet set = parser->getExpectedTokens();
    auto has = [&](std::size_t type) { return set.contains(type); };
    std::size_t rule = parser->getRuleContext()->getRuleIndex();
    if (rule == NyxParser::RuleStatement && tokens_.current().starts_statement) return "a statement";
    if (has(NyxParser::RBRACE) && is_list_of_statements(rule)) return std::string(expected_in_list(rule));
    if (has(NyxParser::INTEGER) && has(NyxParser::IDENTIFIER)) {
        return has(NyxParser::LET) ? "a statement" : has(NyxParser::RPAREN) ? "a value or `)`" : "a value";
    }
    if (has(NyxParser::LBRACKET) && has(NyxParser::IDENTIFIER)) return "a type";
    if (has(NyxParser::PLUS) && has(NyxParser::END_OF_STATEMENT)) return "the end of the statement";
    std::string list = one_of(set, rule, name_of(naming_rule(parser->getRuleContext())));
    if (list.empty() && has(NyxParser::END_OF_STATEMENT)) return "the end of the statement";
    return list;
}

}  // namespace nyx::syntax

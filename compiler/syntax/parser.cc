#include "compiler/syntax/parser.h"

#include <NyxParser.h>
#include <fmt/format.h>

#include "compiler/syntax/parse_tokens.h"
#include "compiler/syntax/placement.h"
#include "compiler/syntax/recovery.h"
#include "compiler/syntax/tree_builder.h"

namespace nyx::syntax {

namespace {

using diagnostics::Code;

constexpr std::size_t kMaxMistakes = 500;  // with what follows from them, fewer than nyxc shows

// One statement at a time, so that the parser's own tree never grows beyond one.
void parse_statements(grammar::NyxParser& parser, TokenList& tokens, const Recovery& recovery, TreeBuilder& builder,
                      diagnostics::Sink& sink, ast::Module& module) {
    while (tokens.current().type != SyntaxToken::kEof) {
        std::size_t before = tokens.index();
        ast::StmtPtr statement = builder.statement(parser.statement());
        if (statement) module.body.push_back(std::move(statement));
        parser.getTreeTracker().reset();
        if (tokens.index() == before) tokens.seek(before + 1);
        if (recovery.mistakes() < kMaxMistakes) continue;
        sink.report(Code::kTooManyMistakes, {module.file, tokens.current().begin, tokens.current().end},
                    fmt::format("more than {} mistakes; what follows was not looked at", kMaxMistakes));
        return;
    }
}

}  // namespace

ParsedTokens parse_tokens(TokenList& tokens, std::string_view text, std::uint32_t file, const KnownStatements& known,
                          diagnostics::Sink& sink) {
    auto module = std::make_unique<ast::Module>();
    module->file = file;
    auto recovery = std::make_shared<Recovery>(tokens, text, file, sink);
    for (const auto& [first, statement] : known) tokens.know(first, statement.last);
    grammar::NyxParser parser(&tokens);
    parser.removeErrorListeners();
    parser.setErrorHandler(recovery);
    parser.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(antlr4::atn::PredictionMode::SLL);
    TreeBuilder builder(text, file, known, sink);
    parse_statements(parser, tokens, *recovery, builder, sink, *module);
    module->doc = take_doc(module->body, text);
    check_places(*module, text, sink);
    return {std::move(module), recovery->places()};
}

std::unique_ptr<ast::Module> parse(const source::SourceMap& sources, std::uint32_t file, diagnostics::Sink& sink) {
    std::string_view text = sources.file(file).text;
    TokenList tokens = read_tokens(text, file, sink);
    return parse_tokens(tokens, text, file, {}, sink).module;
}

}  // namespace nyx::syntax

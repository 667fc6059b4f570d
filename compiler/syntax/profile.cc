#include "compiler/syntax/profile.h"

#include <NyxParser.h>

#include "compiler/syntax/recovery.h"
#include "compiler/syntax/token.h"

namespace nyx::syntax {

std::vector<DecisionProfile> profile(const source::SourceMap& sources, std::uint32_t file) {
    std::string_view text = sources.file(file).text;
    diagnostics::Sink sink;
    TokenList tokens = read_tokens(text, file, sink);
    grammar::NyxParser parser(&tokens);
    parser.removeErrorListeners();
    parser.setErrorHandler(std::make_shared<Recovery>(tokens, text, file, sink));
    auto* simulator = new antlr4::atn::ProfilingATNSimulator(&parser);  // the parser deletes it
    parser.setInterpreter(simulator);
    simulator->setPredictionMode(antlr4::atn::PredictionMode::LL);
    while (tokens.current().type != SyntaxToken::kEof) {
        std::size_t before = tokens.index();
        parser.statement();
        parser.getTreeTracker().reset();
        if (tokens.index() == before) tokens.seek(before + 1);
    }
    std::vector<DecisionProfile> out;
    for (const auto& decision : simulator->getDecisionInfo()) {
        if (decision.invocations == 0) continue;
        auto* state = parser.getATN().getDecisionState(decision.decision);
        DecisionProfile one;
        one.rule = parser.getRuleNames()[state->ruleIndex];
        one.invocations = static_cast<std::size_t>(decision.invocations);
        one.max_lookahead = static_cast<std::size_t>(std::max(decision.SLL_MaxLook, decision.LL_MaxLook));
        one.full_context = static_cast<std::size_t>(decision.LL_Fallback);
        one.ambiguities = decision.ambiguities.size();
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace nyx::syntax

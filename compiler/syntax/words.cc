#include "compiler/syntax/words.h"

#include <NyxLexer.h>

#include <cctype>

#include "compiler/syntax/keywords.h"
#include "compiler/syntax/token.h"

namespace nyx::syntax {

namespace {

using grammar::NyxLexer;

WordKind kind_of(const SyntaxToken& token, std::string_view text) {
    switch (token.type) {
        case SyntaxToken::kEof:
            return WordKind::kEndOfFile;
        case NyxLexer::END_OF_STATEMENT:
            return WordKind::kEndOfStatement;
        case NyxLexer::IDENTIFIER:
            return WordKind::kName;
        case NyxLexer::TRUE:
        case NyxLexer::FALSE:
        case NyxLexer::NULL_:
        case NyxLexer::SUPER:
            return WordKind::kValue;
        case NyxLexer::INTEGER:
        case NyxLexer::FLOAT:
            return WordKind::kNumber;
        case NyxLexer::UNIT:
            return WordKind::kUnit;
        case NyxLexer::STRING:
        case NyxLexer::TRIPLE_STRING:
            return WordKind::kString;
        case NyxLexer::LBRACE:
            return WordKind::kBlockOpen;
        case NyxLexer::MAP_BEGIN:
            return WordKind::kMapOpen;
        case NyxLexer::ERROR:
            return WordKind::kError;
        default:
            break;
    }
    bool letters = token.begin < token.end && std::isalpha(static_cast<unsigned char>(text[token.begin])) != 0;
    return letters ? WordKind::kKeyword : WordKind::kSymbol;
}

}  // namespace

std::vector<Word> words(std::string_view text, std::uint32_t file, diagnostics::Sink& sink) {
    TokenList tokens = read_tokens(text, file, sink);
    std::vector<Word> out;
    out.reserve(tokens.size());
    std::size_t open_strings = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const SyntaxToken& token = tokens.at(i);
        if (token.type == NyxLexer::TEMPLATE_BEGIN && open_strings++ == 0)
            out.push_back({token.begin, token.end, WordKind::kString});
        else if (open_strings == 0)
            out.push_back({token.begin, token.end, kind_of(token, text)});
        if (open_strings > 0) out.back().end = std::max(out.back().end, token.end);
        if (token.type == NyxLexer::TEMPLATE_END) --open_strings;
    }
    return out;
}

}  // namespace nyx::syntax

// The words that editors get are those of the lexer.
#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "compiler/lsp/keywords.h"
#include "compiler/syntax/keywords.h"

using namespace nyx;

namespace {

// Every quoted word of letters in the grammar of the lexer.
std::set<std::string> lexer_words() {
    std::ifstream in(NYX_GRAMMAR);
    std::stringstream text;
    text << in.rdbuf();
    std::string grammar = text.str();
    std::set<std::string> words;
    const std::regex quoted("'([a-z]{2,})'");
    for (std::sregex_iterator at(grammar.begin(), grammar.end(), quoted), end; at != end; ++at) words.insert((*at)[1]);
    return words;
}

}  // namespace

TEST_CASE("every keyword of the lexer is proposed, and nothing else") {
    std::set<std::string> proposed;
    for (const lsp::Keyword& keyword : lsp::keywords()) CHECK(proposed.emplace(keyword.word).second);
    for (const std::string& word : lexer_words()) {
        CAPTURE(word);
        CHECK(proposed.contains(word));
    }
    REQUIRE(lexer_words().size() > 30);
    for (const std::string& word : proposed) {
        CAPTURE(word);
        bool contextual = syntax::statement_keyword(word) != 0 || word == "as" || word == "extends";
        CHECK((lexer_words().contains(word) || contextual));
    }
}

TEST_CASE("no keyword may be a name, and every other word may") {
    for (const lsp::Keyword& keyword : lsp::keywords()) {
        CAPTURE(keyword.word);
        CHECK(lsp::is_taken(keyword.word));
    }
    for (const char* word : {"bank", "derive", "emit", "invariant", "override", "phase", "reg", "self", "this"})
        CHECK(lsp::is_taken(word));
    for (const char* word : {"lets", "x", "_", "Machine", "memory", "print", "GiB", "serial"})
        CHECK(!lsp::is_taken(word));
}

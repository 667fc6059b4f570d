// What an earlier parse of a text knows about the text as it is now.
//
// A statement that had no mistake, and whose words are the same and stand as far from each other as they did, means the
// same wherever it stands: its tree is the earlier one with its places moved. Nothing else is taken over: the parser
// looks at a statement's own words only (the grammar decides within them), and what it is inside of is compared as
// well. Immutable.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/syntax/ast.h"
#include "compiler/syntax/token.h"

namespace nyx::syntax {

struct KnownStatement {
    const ast::Stmt* node = nullptr;  // of the earlier tree
    std::int64_t moved = 0;           // bytes from there to here
    std::uint32_t last = 0;           // index of the token that ends it
};

using KnownStatements = std::map<std::uint32_t, KnownStatement>;  // by the index of their first token

class EarlierParse {
  public:
    // `doubtful`: bytes at which something was wrong.
    EarlierParse(std::string text, std::vector<SyntaxToken> tokens, std::set<std::uint32_t> doubtful,
                 std::shared_ptr<const ast::Module> module)
        : text_(std::move(text)),
          tokens_(std::move(tokens)),
          doubtful_(std::move(doubtful)),
          module_(std::move(module)) {}

    // What it knows of `tokens`, which were laid out from `text`: statements at the top, and those inside of machines,
    // modules, functions and tests. Valid as long as this lives.
    KnownStatements known_in(const std::vector<SyntaxToken>& tokens, std::string_view text) const;

  private:
    friend class Comparison;

    std::string text_;
    std::vector<SyntaxToken> tokens_;
    std::set<std::uint32_t> doubtful_;
    std::shared_ptr<const ast::Module> module_;
};

}  // namespace nyx::syntax

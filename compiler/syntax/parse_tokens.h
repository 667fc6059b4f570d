// The last steps of parsing: tokens to a tree.
#pragma once

#include <memory>
#include <set>

#include "compiler/syntax/ast.h"
#include "compiler/syntax/earlier_parse.h"
#include "compiler/syntax/token.h"

namespace nyx::syntax {

struct ParsedTokens {
    std::unique_ptr<ast::Module> module;
    std::set<std::uint32_t> doubtful;  // bytes at which the parser did not go on by itself
};

// `tokens` were read from `text`; what is in `known` is not parsed.
ParsedTokens parse_tokens(TokenList& tokens, std::string_view text, std::uint32_t file, const KnownStatements& known,
                          diagnostics::Sink& sink);

}  // namespace nyx::syntax

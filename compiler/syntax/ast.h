// The syntax tree of a .ny file: ours, without any type of the parser generator.
//
// Every node has a kind (ast_kinds.def) and a span. What could not be parsed is an ErrorExpr or ErrorStmt, and a
// diagnostic was reported for it, so later stages go on and stay silent about it. Trees are at most kMaxDepth nodes
// deep, so recursion over them is safe. Immutable once built.
#pragma once

#include "compiler/syntax/ast_declarations.h"
#include "compiler/syntax/ast_expressions.h"
#include "compiler/syntax/ast_node.h"
#include "compiler/syntax/ast_statements.h"

namespace nyx::ast {

struct Module {
    std::uint32_t file = 0;
    std::string doc;
    StmtList body;
};

}  // namespace nyx::ast

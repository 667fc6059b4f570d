// The statement lists inside a statement.
#pragma once

#include "compiler/syntax/ast.h"

namespace nyx::lower {

// Every one, but not those of functions, classes and machines.
template <class Visit>
void each_body(const ast::Stmt& node, Visit visit) {
    if (const auto* s = ast::try_as<ast::BlockStmt>(&node)) visit(s->body);
    if (const auto* s = ast::try_as<ast::IfStmt>(&node)) {
        visit(s->then_body);
        visit(s->else_body);
    }
    if (const auto* s = ast::try_as<ast::WhileStmt>(&node)) visit(s->body);
    if (const auto* s = ast::try_as<ast::ForStmt>(&node)) visit(s->body);
    if (const auto* s = ast::try_as<ast::ForInStmt>(&node)) visit(s->body);
    if (const auto* s = ast::try_as<ast::SwitchStmt>(&node)) {
        for (const ast::SwitchCase& one : s->cases) visit(one.body);
    }
    if (const auto* s = ast::try_as<ast::MatchStmt>(&node)) {
        for (const ast::MatchArm& arm : s->arms) visit(arm.body);
    }
    if (const auto* s = ast::try_as<ast::TryStmt>(&node)) {
        visit(s->body);
        visit(s->catch_body);
        visit(s->finally_body);
    }
}

}  // namespace nyx::lower

// A statement as it reads when the same text stands elsewhere in its file: a copy with every span moved.
#pragma once

#include <cstdint>

#include "compiler/syntax/ast.h"

namespace nyx::syntax {

// Whether there is a copy of it: of statements of every kind that ast_members.h lists. The others stand at the top of
// files only.
bool can_move(const ast::Stmt& statement);

// `by`: bytes, negative towards the front of the file. No span may come to lie before it.
ast::StmtPtr moved_copy(const ast::Stmt& statement, std::int64_t by);

}  // namespace nyx::syntax

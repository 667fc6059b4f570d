// The value of an expression that needs no running: literals, quantities, names, lists, maps and records of such.
//
// Schemas are written with these only, so reading them runs no code. Values live in the heap that is given.
#pragma once

#include <optional>

#include "compiler/syntax/ast.h"
#include "runtime/script/heap.h"

namespace nyx::check {

// Nothing when the expression is not a constant or a unit is unknown; `culprit` is then the part that is not.
std::optional<script::Value> constant(const ast::Expr& expr, script::Heap& heap, Span& culprit);

}  // namespace nyx::check

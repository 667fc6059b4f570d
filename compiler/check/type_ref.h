// A type as a schema writes it: `size(1 MiB..1 TiB)`, `one_of(a, b)`, `list<T>`, `host<T>`, `ioport(8)`, `image?`,
// `boot`.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "compiler/check/schema.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"
#include "runtime/script/heap.h"

namespace nyx::check {

// families: the names of all schemas, each also a type. Nothing after a diagnostic. The choices of `cpuid_bit` are left
// empty.
std::optional<FieldType> read_type(const ast::TypeRef& type, const std::set<std::string>& families, script::Heap& heap,
                                   diagnostics::Sink& sink);

}  // namespace nyx::check

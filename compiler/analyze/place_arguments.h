// Which parameter each argument of a call is for, and what is wrong about that.
#pragma once

#include <optional>
#include <vector>

#include "compiler/analyze/complaints.h"
#include "compiler/analyze/data.h"

namespace nyx::analyze {

// What is called, as far as it is known.
struct Placement {
    std::optional<Signature> signature{};
    SymbolId callee = kNoSymbol;
    bool strict = false;  // what does not fit the signature is a mistake
    bool as_method = false;
    Span where{};  // the span that the interpreter would report
};

// Into the calls and arguments of `data`, behind those inside of them. given: the types of the call's arguments.
void place_arguments(Model::Data& data, Complaints& complaints, const ast::CallExpr& node,
                     const std::vector<Type>& given, const Placement& placement);

}  // namespace nyx::analyze

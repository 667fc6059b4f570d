// Fixes that take more than a word: values converted, declarations moved. Private to this folder.
#pragma once

#include <string_view>

#include "compiler/analyze/data.h"
#include "compiler/diagnostics/diagnostic.h"

namespace nyx::analyze {

struct Operand {
    Span where;
    Type type;
};

// What makes one side of `op` fit the other: a number of a text, an array of an element.
void offer_conversions(const Model::Data& data, diagnostics::Diagnostic& finding, std::string_view op,
                       const Operand& left, const Operand& right);
// `let total: int` with the value that its type begins with.
void offer_first_value(const Model::Data& data, diagnostics::Diagnostic& finding, const Symbol& symbol);
// The function or class before the statement of the module that wants it, where it fills its lines.
void offer_earlier(const Model::Data& data, diagnostics::Diagnostic& finding, const Symbol& symbol, Span statement);

}  // namespace nyx::analyze

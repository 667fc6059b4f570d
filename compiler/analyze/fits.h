// Whether a value may stand where an annotation wants a type, by the rules of runtime/script/types.cc.
#pragma once

#include "compiler/analyze/data.h"

namespace nyx::analyze {

enum class Fit : std::uint8_t { kNever, kPerhaps, kAlways };

// kNever only where no value of the type fits: unknown types and guesses perhaps fit everything.
Fit fits(const Model::Data& data, Type value, Type wanted);

// What does not fit, and where: the value, or an element of a literal list, into which nobody else has put anything.
struct Misfit {
    Span where;
    Type wanted;
    Type given;
    bool is_element = false;
};
std::optional<Misfit> find_misfit(const Model::Data& data, const ast::Expr& node, Type value, Type wanted);

}  // namespace nyx::analyze

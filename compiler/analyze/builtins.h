// Built-in functions and methods as symbols: builtins.def joined with what runtime/script really has.
//
// A native that builtins.def does not list has parameters of unknown type; its number of arguments is still known.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/analyze/data.h"

namespace nyx::analyze {

// Adds all to `data`.
void add_builtins(Model::Data& data);
bool is_free_builtin(const Model::Data& data, SymbolId symbol);
// The built-in method of that name on values of the type, or kNoSymbol; of types that are not certain too.
SymbolId builtin_method(const Model::Data& data, Type receiver, std::string_view name);
bool has_method(const TypeTable& types, Type receiver, const script::NativeSpec& native);
// What a call gives whose first argument (or receiver) is of that type.
Type builtin_result(Model::Data& data, SymbolId symbol, Type first);
// Without the receiver.
Signature builtin_signature(const Model::Data& data, SymbolId symbol, bool as_method);

}  // namespace nyx::analyze

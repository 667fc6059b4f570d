// What is called at a place, found from the text before it: it need not be a whole call yet.
#pragma once

#include <optional>

#include "compiler/lsp/cursor.h"
#include "compiler/lsp/request.h"

namespace nyx::lsp {

// The type of what stands before the dot that the byte at `end` precedes or is; unknown where nothing is known.
analyze::Type receiver_type(const Place& place, std::uint32_t end);
// The symbol that is called; kNoSymbol where it is not known.
analyze::SymbolId callee_of(const Place& place, const CallSite& call, std::string_view text);

}  // namespace nyx::lsp

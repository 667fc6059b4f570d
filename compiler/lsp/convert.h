// Diagnostics and fixes in the shapes of the protocol (LSP 3.17, "Diagnostic", "CodeAction").
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/lsp/document.h"

namespace nyx::lsp {

nlohmann::json range_json(const Document& document, Span span);

// Labels that lie in the same file become related information under `uri`; notes and help lines are added to the
// message.
nlohmann::json diagnostic_json(const Document& document, const std::string& uri,
                               const diagnostics::Diagnostic& diagnostic);

// A quick fix that edits this one document.
nlohmann::json code_action_json(const Document& document, const std::string& uri,
                                const diagnostics::Diagnostic& diagnostic, const diagnostics::Fix& fix);

}  // namespace nyx::lsp

// The functions that answer requests; handlers.cc says which answers what. Each is in the file that its name says.
#pragma once

#include "compiler/lsp/request.h"

namespace nyx::lsp {

// ---- navigate.cc
Result<nlohmann::json> handle_hover(Request& request);
Result<nlohmann::json> handle_definition(Request& request);
Result<nlohmann::json> handle_references(Request& request);
Result<nlohmann::json> handle_highlight(Request& request);
Result<nlohmann::json> handle_document_symbol(Request& request);

// ---- completion.cc, resolve.cc, signature_help.cc
Result<nlohmann::json> handle_completion(Request& request);
Result<nlohmann::json> handle_completion_resolve(Request& request);
Result<nlohmann::json> handle_signature_help(Request& request);

// ---- semantic_tokens.cc, structure.cc, workspace_symbols.cc
Result<nlohmann::json> handle_semantic_tokens(Request& request);
Result<nlohmann::json> handle_semantic_tokens_delta(Request& request);
Result<nlohmann::json> handle_folding_range(Request& request);
Result<nlohmann::json> handle_selection_range(Request& request);
Result<nlohmann::json> handle_workspace_symbol(Request& request);

// ---- inlay_hints.cc, code_lenses.cc
Result<nlohmann::json> handle_inlay_hint(Request& request);
Result<nlohmann::json> handle_code_lens(Request& request);

// ---- edits.cc
Result<nlohmann::json> handle_prepare_rename(Request& request);
Result<nlohmann::json> handle_rename(Request& request);
Result<nlohmann::json> handle_formatting(Request& request);
Result<nlohmann::json> handle_code_action(Request& request);

}  // namespace nyx::lsp

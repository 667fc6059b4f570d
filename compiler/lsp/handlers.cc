#include "compiler/lsp/handlers.h"

#include <algorithm>

#include "compiler/lsp/features.h"
#include "compiler/lsp/semantic_tokens.h"

namespace nyx::lsp {

using nlohmann::json;

namespace {

constexpr Handling kHandlings[] = {
    {"textDocument/hover", Stage::kKnown, handle_hover},
    {"textDocument/definition", Stage::kKnown, handle_definition},
    {"textDocument/references", Stage::kKnown, handle_references, true},
    {"textDocument/documentHighlight", Stage::kKnown, handle_highlight},
    {"textDocument/documentSymbol", Stage::kKnown, handle_document_symbol},
    {"textDocument/completion", Stage::kKnown, handle_completion},
    {"completionItem/resolve", Stage::kNothing, handle_completion_resolve, false, false},
    {"textDocument/signatureHelp", Stage::kKnown, handle_signature_help},
    {"textDocument/semanticTokens/full", Stage::kKnown, handle_semantic_tokens},
    {"textDocument/semanticTokens/full/delta", Stage::kKnown, handle_semantic_tokens_delta},
    {"textDocument/semanticTokens/range", Stage::kKnown, handle_semantic_tokens},
    {"textDocument/foldingRange", Stage::kNothing, handle_folding_range},
    {"textDocument/selectionRange", Stage::kKnown, handle_selection_range},
    {"textDocument/inlayHint", Stage::kChecked, handle_inlay_hint},
    {"textDocument/codeLens", Stage::kParsed, handle_code_lens},
    {"workspace/symbol", Stage::kNothing, handle_workspace_symbol, false, false},
    {"textDocument/prepareRename", Stage::kKnown, handle_prepare_rename},
    {"textDocument/rename", Stage::kKnown, handle_rename, true},
    {"textDocument/formatting", Stage::kNothing, handle_formatting},
    {"textDocument/rangeFormatting", Stage::kNothing, handle_formatting},
    {"textDocument/codeAction", Stage::kChecked, handle_code_action},
};

}  // namespace

const Handling* find_handling(std::string_view method) {
    const auto* found = std::find_if(std::begin(kHandlings), std::end(kHandlings),
                                     [&](const Handling& one) { return one.method == method; });
    return found == std::end(kHandlings) ? nullptr : found;
}

json capabilities(const Client& client) {
    constexpr const char* kEncodings[] = {"utf-8", "utf-16", "utf-32"};
    json sync = {{"openClose", true}, {"change", 2}, {"save", true}};  // 2: incremental
    json folders = {{"supported", true}, {"changeNotifications", true}};
    return {{"positionEncoding", kEncodings[static_cast<std::size_t>(client.encoding)]},
            {"textDocumentSync", sync},
            {"codeActionProvider", {{"codeActionKinds", {"quickfix"}}}},
            {"completionProvider",
             {{"triggerCharacters", {".", "\"", "'", "/", "=", "(", ":"}}, {"resolveProvider", true}}},
            {"signatureHelpProvider", {{"triggerCharacters", {"(", ","}}, {"retriggerCharacters", {":", "=", ")"}}}},
            {"semanticTokensProvider", {{"legend", token_legend()}, {"full", {{"delta", true}}}, {"range", true}}},
            {"foldingRangeProvider", true},
            {"selectionRangeProvider", true},
            {"inlayHintProvider", true},
            {"codeLensProvider", {{"resolveProvider", false}}},
            {"workspaceSymbolProvider", true},
            {"hoverProvider", true},
            {"definitionProvider", true},
            {"referencesProvider", true},
            {"documentHighlightProvider", true},
            {"documentSymbolProvider", true},
            {"renameProvider", {{"prepareProvider", true}}},
            {"documentFormattingProvider", true},
            {"documentRangeFormattingProvider", true},
            {"workspace", {{"workspaceFolders", folders}}}};
}

}  // namespace nyx::lsp

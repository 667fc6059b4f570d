#include "fuzz_editor.h"

#include <filesystem>

#include "compiler/syntax/ast_json.h"

namespace nyx::lsp {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

std::string uri() {
    return "file://" + (fs::temp_directory_path() / "nyx-lsp-fuzz-none" / "m.ny").string();
}

json at(Position position) {
    return {{"line", position.line}, {"character", position.character}};
}

json message(const char* method, const json& params, int id) {
    json whole = {{"jsonrpc", "2.0"}, {"method", method}, {"params", params}};
    if (id != 0) whole["id"] = id;
    return whole;
}

}  // namespace

FuzzEditor::FuzzEditor(const std::string& text) : text_(text) {
    send("initialize", json::object(), 1);
    send("textDocument/didOpen",
         {{"textDocument", {{"uri", uri()}, {"languageId", "nyx"}, {"version", 1}, {"text", text}}}});
}

std::vector<json> FuzzEditor::send(const char* method, const json& params, int id) {
    return server_.handle(message(method, params, id));
}

void FuzzEditor::replace(std::size_t begin, std::size_t end, const std::string& with) {
    Document document(text_);
    Position from = document.position(begin);
    Position to = document.position(end);
    // Positions are between code points and never inside of a line's end; so is then what is replaced.
    begin = document.offset(from);
    end = document.offset(to);
    text_.replace(begin, end - begin, with);
    json range = {{"start", at(from)}, {"end", at(to)}};
    json changes = json::array({{{"range", range}, {"text", with}}});
    send("textDocument/didChange",
         {{"textDocument", {{"uri", uri()}, {"version", ++version_}}}, {"contentChanges", changes}});
}

void FuzzEditor::step(int count) {
    for (int i = 0; i < count; ++i) {
        auto out = server_.step();
        if (!out) return;
        for (const json& one : *out) diagnostics_ = one.at("params").at("diagnostics");
    }
}

json FuzzEditor::ask(const char* method, std::size_t offset) {
    json position = at(Document(text_).position(offset));
    json params = {{"textDocument", {{"uri", uri()}}},
                   {"position", position},
                   {"positions", {position}},
                   {"newName", "other"},
                   {"range", {{"start", at({0, 0})}, {"end", position}}},
                   {"query", "a"},
                   {"context", json::object()}};
    return send(method, params, 2).at(0);
}

json FuzzEditor::state() {
    step(100);
    const OpenFile& file = server_.workspace().files().at(uri());
    json state = {{"text", file.document.text()}, {"diagnostics", diagnostics_}};
    for (const char* method : {"textDocument/documentSymbol", "textDocument/foldingRange", "textDocument/inlayHint"})
        state[method] = ask(method, text_.size());
    state["tokens"] = ask("textDocument/semanticTokens/full", 0).at("result").value("data", json());
    state["tree"] = syntax::ast_json(*file.analysis->sources(), *file.analysis->tree());
    return state;
}

const ast::Module& FuzzEditor::tree() {
    return *server_.workspace().files().at(uri()).analysis->tree();
}

}  // namespace nyx::lsp

#include "compiler/lsp/server.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "compiler/format/format.h"
#include "compiler/lsp/convert.h"
#include "compiler/lsp/rename.h"
#include "compiler/lsp/transport.h"

namespace nyx::lsp {

using nlohmann::json;

namespace {

// JSON-RPC 2.0 §5.1 and LSP 3.17 "Response Message".
constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kRequestFailed = -32803;

json error_response(json id, int code, std::string message) {
    return {{"jsonrpc", "2.0"}, {"id", std::move(id)}, {"error", {{"code", code}, {"message", std::move(message)}}}};
}

json response(json id, json result) {
    return {{"jsonrpc", "2.0"}, {"id", std::move(id)}, {"result", std::move(result)}};
}

Position position_of(const json& value) {
    return {value.at("line").get<std::uint32_t>(), value.at("character").get<std::uint32_t>()};
}

bool touches(const Document& document, Span span, Position begin, Position end) {
    return span.begin <= document.offset(end) && document.offset(begin) <= span.end;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool write_all(int output, std::string_view bytes) {
    while (!bytes.empty()) {
        ssize_t count = ::write(output, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace

std::string path_of_uri(std::string_view uri) {
    constexpr std::string_view kScheme = "file://";
    if (uri.substr(0, kScheme.size()) != kScheme) return std::string(uri);
    uri.remove_prefix(kScheme.size());
    std::string path;
    for (std::size_t i = 0; i < uri.size(); ++i) {
        bool escaped = uri[i] == '%' && i + 2 < uri.size() && hex_digit(uri[i + 1]) >= 0 && hex_digit(uri[i + 2]) >= 0;
        path += escaped ? static_cast<char>(hex_digit(uri[i + 1]) * 16 + hex_digit(uri[i + 2])) : uri[i];
        if (escaped) i += 2;
    }
    return path;
}

json Server::initialize() const {
    json sync = {{"openClose", true}, {"change", 2}};  // 2: incremental
    json capabilities = {{"textDocumentSync", sync},
                         {"codeActionProvider", {{"codeActionKinds", {"quickfix"}}}},
                         {"hoverProvider", true},
                         {"definitionProvider", true},
                         {"referencesProvider", true},
                         {"documentSymbolProvider", true},
                         {"renameProvider", {{"prepareProvider", true}}},
                         {"documentFormattingProvider", true},
                         {"documentRangeFormattingProvider", true}};
    return {{"capabilities", std::move(capabilities)}, {"serverInfo", {{"name", "nyxc"}, {"version", version_}}}};
}

json Server::publish(const std::string& uri) {
    json list = json::array();
    if (auto found = files_.find(uri); found != files_.end()) {
        OpenFile& file = found->second;
        file.analysis = analyze_(path_of_uri(uri), file.document.text());
        for (const auto& diagnostic : file.analysis.diagnostics) {
            if (diagnostic.primary.span.file == file.analysis.main_file) {
                list.push_back(diagnostic_json(file.document, uri, diagnostic));
            }
        }
    }
    return {{"jsonrpc", "2.0"},
            {"method", "textDocument/publishDiagnostics"},
            {"params", {{"uri", uri}, {"diagnostics", std::move(list)}}}};
}

void Server::open(const json& params, std::vector<json>& out) {
    const json& document = params.at("textDocument");
    std::string uri = document.at("uri");
    files_.insert_or_assign(uri, OpenFile{Document(document.at("text")), {}});
    out.push_back(publish(uri));
}

void Server::change(const json& params, std::vector<json>& out) {
    std::string uri = params.at("textDocument").at("uri");
    auto found = files_.find(uri);
    if (found == files_.end()) return;
    Document& document = found->second.document;
    for (const json& change : params.at("contentChanges")) {
        std::string text = change.at("text");
        if (change.contains("range")) {
            document.replace(position_of(change["range"].at("start")), position_of(change["range"].at("end")), text);
        } else {
            document = Document(std::move(text));
        }
    }
    out.push_back(publish(uri));
}

void Server::close(const json& params, std::vector<json>& out) {
    std::string uri = params.at("textDocument").at("uri");
    if (files_.erase(uri) > 0) out.push_back(publish(uri));
}

json Server::code_actions(const json& params) const {
    json actions = json::array();
    std::string uri = params.at("textDocument").at("uri");
    auto found = files_.find(uri);
    if (found == files_.end()) return actions;
    const OpenFile& file = found->second;
    Position begin = position_of(params.at("range").at("start"));
    Position end = position_of(params.at("range").at("end"));
    for (const auto& diagnostic : file.analysis.diagnostics) {
        bool here = diagnostic.primary.span.file == file.analysis.main_file;
        if (!here || !touches(file.document, diagnostic.primary.span, begin, end)) continue;
        for (const auto& fix : diagnostic.fixes)
            actions.push_back(code_action_json(file.document, uri, diagnostic, fix));
    }
    return actions;
}

std::optional<Place> Server::place(const json& params) const {
    auto found = files_.find(params.at("textDocument").at("uri"));
    if (found == files_.end() || !found->second.analysis.model) return std::nullopt;
    const OpenFile& file = found->second;
    std::size_t offset = params.contains("position") ? file.document.offset(position_of(params["position"])) : 0;
    return Place{*file.analysis.model, *file.analysis.sources, file.analysis.main_file,
                 static_cast<std::uint32_t>(offset)};
}

void Server::analyze_again() {
    for (auto& [uri, file] : files_) file.analysis = analyze_(path_of_uri(uri), file.document.text());
}

json Server::references(const json& params) {
    analyze_again();
    auto here = place(params);
    if (!here) return nullptr;
    analyze::SymbolId id = here->model.symbol_at(here->file, here->offset);
    if (id == analyze::kNoSymbol) return nullptr;
    bool with_declaration = params.value("context", json::object()).value("includeDeclaration", true);
    json list = json::array();
    for (const analyze::Reference& reference : here->model.references(id)) {
        if (with_declaration || !reference.is_declaration) list.push_back(location_json(here->sources, reference.span));
    }
    return list;
}

std::string Server::in_the_way(const std::string& uri, const Place& here) const {
    analyze::SymbolId id = here.model.symbol_at(here.file, here.offset);
    if (id == analyze::kNoSymbol) return {};
    // A file of the model that is open with another text would be edited at the wrong places.
    for (const analyze::Reference& use : here.model.references(id)) {
        const source::SourceFile& source = here.sources.file(use.span.file);
        if (use.span.file == here.file) continue;
        for (const auto& [open_uri, open] : files_) {
            // Editors escape more in a URI than is needed, or less.
            if (uri_of_path(path_of_uri(open_uri)) == uri_of_path(source.path) && open.document.text() != source.text)
                return fmt::format("save '{}' first", source.path);
        }
    }
    // What a file imports that is open is in that file's model, not in this one.
    const analyze::Symbol& symbol = here.model.symbol(id);
    if (!symbol.name_span.known() || symbol.kind == analyze::SymbolKind::kParameter) return {};
    const source::SourceFile& declaring = here.sources.file(symbol.name_span.file);
    for (const auto& [other_uri, other] : files_) {
        if (other_uri == uri || !other.analysis.model) continue;
        const Analysis& analysis = other.analysis;
        for (std::uint32_t file = 0; file < analysis.sources->file_count(); ++file) {
            const source::SourceFile& source = analysis.sources->file(file);
            if (source.is_stdlib || uri_of_path(source.path) != uri_of_path(declaring.path)) continue;
            if (source.text != declaring.text) return fmt::format("save '{}' first", declaring.path);
            analyze::SymbolId same = analysis.model->symbol_at(file, symbol.name_span.begin);
            for (const analyze::Reference& use : analysis.model->references(same)) {
                bool known = file != analysis.main_file && use.span.file == analysis.main_file;
                if (known) return fmt::format("'{}' uses it as well: rename it there", path_of_uri(other_uri));
            }
        }
    }
    return {};
}

json Server::prepare_rename(const json& params, json id) const {
    auto here = place(params);
    if (!here) return response(std::move(id), nullptr);
    auto range = lsp::prepare_rename(*here);
    return range ? response(std::move(id), std::move(*range))
                 : error_response(std::move(id), kRequestFailed, range.error().message);
}

json Server::rename(const json& params, json id) {
    analyze_again();
    auto here = place(params);
    if (!here) return response(std::move(id), nullptr);
    auto edit = lsp::rename(*here, params.at("newName").get<std::string>());
    if (!edit) return error_response(std::move(id), kRequestFailed, edit.error().message);
    std::string why = in_the_way(params.at("textDocument").at("uri"), *here);
    return why.empty() ? response(std::move(id), std::move(*edit)) : error_response(std::move(id), kRequestFailed, why);
}

// Null for a text with syntax errors, which stays as it is.
json Server::formatting(const json& params) const {
    auto found = files_.find(params.at("textDocument").at("uri"));
    if (found == files_.end()) return nullptr;
    const Document& document = found->second.document;
    Span range{0, 0, static_cast<std::uint32_t>(document.text().size())};
    if (params.contains("range")) {
        range.begin = static_cast<std::uint32_t>(document.offset(position_of(params["range"].at("start"))));
        range.end = static_cast<std::uint32_t>(document.offset(position_of(params["range"].at("end"))));
        if (range.end < range.begin) std::swap(range.begin, range.end);
    }
    source::SourceMap sources;
    range.file = sources.add(path_of_uri(found->first), document.text());
    diagnostics::Sink sink;
    auto edits = format::edits(sources, range, sink);
    if (!edits) return nullptr;
    json list = json::array();
    for (const format::Edit& edit : *edits)
        list.push_back({{"range", range_json(document, edit.span)}, {"newText", edit.text}});
    return list;
}

void Server::notification(const std::string& method, const json& params, std::vector<json>& out) {
    if (method == "textDocument/didOpen") return open(params, out);
    if (method == "textDocument/didChange") return change(params, out);
    if (method == "textDocument/didClose") return close(params, out);
    if (method == "exit") exit_status_ = shut_down_ ? 0 : 1;
}

json Server::request(const std::string& method, const json& params, json id) {
    if (method == "initialize") return response(std::move(id), initialize());
    if (method == "shutdown") {
        shut_down_ = true;
        return response(std::move(id), nullptr);
    }
    if (shut_down_) return error_response(std::move(id), kInvalidRequest, "the server is shut down");
    if (method == "textDocument/codeAction") return response(std::move(id), code_actions(params));
    auto answer = [&](json (*query)(const Place&)) {
        auto here = place(params);
        return response(std::move(id), here ? query(*here) : json());
    };
    if (method == "textDocument/hover") return answer(hover);
    if (method == "textDocument/definition") return answer(definition);
    if (method == "textDocument/documentSymbol") return answer(document_symbols);
    if (method == "textDocument/references") return response(std::move(id), references(params));
    if (method == "textDocument/prepareRename") return prepare_rename(params, std::move(id));
    if (method == "textDocument/rename") return rename(params, std::move(id));
    if (method == "textDocument/formatting" || method == "textDocument/rangeFormatting")
        return response(std::move(id), formatting(params));
    return error_response(std::move(id), kMethodNotFound, fmt::format("this server has no '{}'", method));
}

std::vector<json> Server::handle(std::string_view body) {
    std::vector<json> out;
    json message = json::parse(body, nullptr, false);
    if (message.is_discarded()) return {error_response(nullptr, kParseError, "the message is not JSON")};
    if (!message.is_object() || !message.contains("method") || !message["method"].is_string()) {
        // A response to a request of ours would come here; we make none.
        return {error_response(nullptr, kInvalidRequest, "the message has no method")};
    }
    std::string method = message["method"];
    json params = message.value("params", json::object());
    json id = message.value("id", json());
    try {
        if (id.is_null()) {
            notification(method, params, out);
        } else {
            out.push_back(request(method, params, id));
        }
    } catch (const json::exception& error) {  // a field is missing or of another type than the protocol's
        if (!id.is_null()) out.push_back(error_response(id, kInvalidParams, error.what()));
    }
    return out;
}

int serve(Server& server, int input, int output) {
    MessageReader reader;
    std::array<char, 65536> chunk;
    while (!server.exit_status()) {
        auto body = reader.next();
        if (!body) return 1;
        if (*body) {
            for (const json& message : server.handle(**body)) {
                if (!write_all(output, frame(message))) return 1;
            }
            continue;
        }
        ssize_t count = ::read(input, chunk.data(), chunk.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return 1;
        reader.append({chunk.data(), static_cast<std::size_t>(count)});
    }
    return *server.exit_status();
}

}  // namespace nyx::lsp

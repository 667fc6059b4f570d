#include "compiler/lsp/server.h"

#include "compiler/lsp/convert.h"
#include "compiler/lsp/handlers.h"
#include "compiler/lsp/rpc.h"
#include "compiler/lsp/uri.h"

namespace nyx::lsp {

using nlohmann::json;

namespace {

// The first of the editor's encodings, in its order, is the one it likes best; all know UTF-16.
Encoding encoding_of(const json& capabilities) {
    for (const json& name : capabilities.value("/general/positionEncodings"_json_pointer, json::array())) {
        if (name == "utf-8") return Encoding::kUtf8;
        if (name == "utf-16") return Encoding::kUtf16;
        if (name == "utf-32") return Encoding::kUtf32;
    }
    return Encoding::kUtf16;
}

// A change is the whole text, or a range of it (LSP 3.17, "TextDocumentContentChangeEvent").
void apply(OpenFile& file, const json& change) {
    std::string text = change.at("text");
    if (!change.contains("range")) {
        file.findings.shift(0, file.document.text().size(), text.size());
        file.document = Document(std::move(text), file.document.encoding());
        return;
    }
    Position begin = position_of(change["range"].at("start"));
    Position end = position_of(change["range"].at("end"));
    auto [from, to] = std::minmax(file.document.offset(begin), file.document.offset(end));
    file.findings.shift(from, to, text.size());
    file.document.replace(begin, end, text);
}

}  // namespace

json Server::initialize(const json& params) {
    json client = params.value("capabilities", json::object());
    workspace_.client.encoding = encoding_of(client);
    workspace_.client.snippets =
        client.value("/textDocument/completion/completionItem/snippetSupport"_json_pointer, false);
    json folders = params.value("workspaceFolders", json());
    if (folders.is_array()) change_folders({{"added", folders}, {"removed", json::array()}});
    json root = params.value("rootUri", json());
    if (workspace_.folders.empty() && root.is_string())
        workspace_.folders.push_back(path_of_uri(root.get<std::string>()));
    return {{"capabilities", capabilities(workspace_.client)},
            {"serverInfo", {{"name", "nyxc"}, {"version", version_}}}};
}

void Server::change_folders(const json& event) {
    for (const json& folder : event.at("removed"))
        std::erase(workspace_.folders, path_of_uri(folder.at("uri").get<std::string>()));
    for (const json& folder : event.at("added"))
        workspace_.folders.push_back(path_of_uri(folder.at("uri").get<std::string>()));
}

json Server::publish(OpenFile& file) const {
    json list = json::array();
    for (const auto& diagnostic : file.findings.all())
        list.push_back(diagnostic_json(file.document, file.uri, diagnostic));
    file.published = std::move(list);
    return lsp::notification("textDocument/publishDiagnostics",
                             {{"uri", file.uri}, {"version", file.version}, {"diagnostics", file.published}});
}

void Server::change(const json& params) {
    OpenFile* file = workspace_.find(params.at("textDocument").at("uri"));
    if (!file) return;
    for (const json& one : params.at("contentChanges")) apply(*file, one);
    file->version = params["textDocument"].value("version", file->version);
    file->was_edited = true;
    workspace_.changed(*file);
}

void Server::close(const json& params, std::vector<json>& out) {
    std::string uri = params.at("textDocument").at("uri");
    if (!workspace_.find(uri)) return;
    workspace_.close(uri);
    out.push_back(lsp::notification("textDocument/publishDiagnostics", {{"uri", uri}, {"diagnostics", json::array()}}));
}

void Server::notification(const std::string& method, const json& params, std::vector<json>& out) {
    if (method == "textDocument/didOpen") {
        const json& document = params.at("textDocument");
        workspace_.open(document.at("uri"), document.at("text"), document.value("version", std::int64_t{0}));
    }
    if (method == "textDocument/didChange") change(params);
    if (method == "textDocument/didClose") close(params, out);
    if (method == "textDocument/didSave" || method == "workspace/didChangeWatchedFiles") workspace_.changed_on_disk();
    if (method == "workspace/didChangeWorkspaceFolders") change_folders(params.at("event"));
    if (method == "exit") exit_status_ = shut_down_ ? 0 : 1;
}

bool Server::is_useless(const json& id, const std::string& uri) const {
    return inbox_ && (inbox_->was_cancelled(id) || (!uri.empty() && inbox_->has_change_of(uri)));
}

json Server::answer(const std::string& method, const json& params, const json& id) {
    const Handling* handling = find_handling(method);
    if (!handling) return error_response(id, kMethodNotFound, "no method '" + method + "'");
    std::string uri = handling->of_document ? params.at("textDocument").at("uri").get<std::string>() : std::string();
    Request request{workspace_, params, workspace_.find(uri), [this, &id, &uri] { return is_useless(id, uri); }};
    if (handling->of_document && !request.file) return response(id, nullptr);
    if (handling->fresh) workspace_.changed_on_disk();
    if (request.file) workspace_.advance(*request.file, handling->stage, request.useless);
    if (!request.useless()) {
        auto result = handling->handler(request);
        if (!request.useless())
            return result ? response(id, std::move(*result))
                          : error_response(id, kRequestFailed, result.error().message);
    }
    if (inbox_->was_cancelled(id)) return error_response(id, kRequestCancelled, "cancelled");
    return error_response(id, kContentModified, "the text has changed since");
}

json Server::request(const std::string& method, const json& params, const json& id) {
    if (method == "initialize") return response(id, initialize(params));
    if (method == "shutdown") {
        shut_down_ = true;
        return response(id, nullptr);
    }
    if (shut_down_) return error_response(id, kInvalidRequest, "the server is shut down");
    return answer(method, params, id);
}

std::vector<json> Server::handle_bytes(std::string_view body) {
    return handle(parse_message(body));
}

std::vector<json> Server::handle(const json& message) {
    std::vector<json> out;
    if (message.is_discarded()) return {error_response(nullptr, kParseError, "the message is not JSON")};
    if (!message.is_object()) return {error_response(nullptr, kInvalidRequest, "the message is no object")};
    json id = message.value("id", json());
    if (!id.is_null() && !id.is_number_integer() && !id.is_string())
        return {error_response(nullptr, kInvalidRequest, "the id is no number and no text")};
    if (!message.contains("method") || !message["method"].is_string()) {
        // The answer to a request of ours would come here; we make none.
        return {error_response(id, kInvalidRequest, "the message has no method")};
    }
    std::string method = message["method"];
    json params = message.value("params", json::object());
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

std::optional<std::vector<json>> Server::step() {
    OpenFile* file = workspace_.due();
    if (!file) return std::nullopt;
    auto waits = [this] { return inbox_ && !inbox_->empty(); };
    Stage stage = file->analysis ? file->analysis->stage() : Stage::kNothing;
    if (stage == Stage::kNothing && file->was_edited) {
        // The text's own syntax at once; of the rest what is still in its place.
        file->is_due = workspace_.advance(*file, Stage::kParsed, {});
        return std::vector{publish(*file)};
    }
    workspace_.free_retired();
    // Names and types are known long before a script that runs for seconds has ended.
    bool known = stage < Stage::kKnown && workspace_.advance(*file, Stage::kKnown, waits);
    if (known) {
        json before = file->published;
        json message = publish(*file);
        return file->published == before ? std::vector<json>() : std::vector{std::move(message)};
    }
    if (!workspace_.advance(*file, Stage::kChecked, waits) && waits()) return std::vector<json>();
    file->is_due = false;
    return std::vector{publish(*file)};
}

}  // namespace nyx::lsp

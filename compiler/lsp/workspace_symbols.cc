// Declarations by name over the open files and the .ny files of the workspace's folders (LSP 3.17, "Workspace Symbols
// Request").
#include "compiler/lsp/workspace_symbols.h"

#include <algorithm>
#include <filesystem>

#include "compiler/lsp/convert.h"
#include "compiler/lsp/features.h"
#include "compiler/lsp/uri.h"
#include "compiler/syntax/ast_device.h"
#include "compiler/syntax/parser.h"

namespace nyx::lsp {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxFiles = 2'000;
constexpr std::size_t kMaxEntries = 50'000;  // looked at in folders
constexpr std::size_t kMaxFound = 500;
constexpr std::uintmax_t kMaxSize = 4u << 20;  // bytes of a file that nobody has opened

class Collector {
  public:
    explicit Collector(std::vector<Declaration>& found) : found_(found) {}

    void body(const ast::StmtList& statements, const std::string& container) {
        for (const ast::StmtPtr& statement : statements) one(*statement, container);
    }

  private:
    void add(const ast::Ident& name, int kind, const std::string& container) {
        if (!name.text.empty()) found_.push_back({name.text, container, kind, name.span.begin, name.span.end});
    }

    void one(const ast::Stmt& node, const std::string& container) {
        constexpr int kModule = 2, kClass = 5, kFunction = 12, kVariable = 13, kConstant = 14, kObject = 19,
                      kStruct = 23;
        if (const auto* s = ast::try_as<ast::FnDecl>(&node)) add(s->name, kFunction, container);
        if (const auto* s = ast::try_as<ast::ClassDecl>(&node)) class_decl(*s, kClass, container);
        if (const auto* s = ast::try_as<ast::SchemaDecl>(&node)) add(s->name, kStruct, container);
        if (const auto* d = ast::try_as<ast::DeviceDecl>(&node)) add(d->name, kStruct, container);
        if (const auto* s = ast::try_as<ast::TypeAliasStmt>(&node)) add(s->name, kClass, container);
        if (const auto* s = ast::try_as<ast::LetStmt>(&node)) {
            for (const ast::Ident& name : s->names)
                add(name, s->binding == ast::LetKind::kLetMut ? kVariable : kConstant, container);
        }
        if (const auto* s = ast::try_as<ast::ModuleDecl>(&node)) {
            add(s->name, kModule, container);
            body(s->body, s->name.text);
        }
        if (const auto* s = ast::try_as<ast::MachineDecl>(&node)) {
            add(s->name, kObject, container);
            body(s->body, s->name.text);
        }
        if (const auto* s = ast::try_as<ast::DeviceStmt>(&node); s && s->name) add(*s->name, kObject, container);
    }

    void class_decl(const ast::ClassDecl& node, int kind, const std::string& container) {
        constexpr int kMethod = 6, kField = 8;
        add(node.name, kind, container);
        for (const ast::FieldDecl& field : node.fields) add(field.name, kField, node.name.text);
        for (const auto& method : node.methods) add(method->name, kMethod, node.name.text);
    }

    std::vector<Declaration>& found_;
};

// The letters of the query in their order, whatever the case; how early and how close they stand. Nothing: not so.
std::optional<std::size_t> distance(std::string_view name, std::string_view query) {
    std::size_t at = 0;
    std::size_t skipped = 0;
    for (char wanted : query) {
        std::size_t begin = at;
        auto same = [&](char c) {
            return std::tolower(static_cast<unsigned char>(c)) == std::tolower(static_cast<unsigned char>(wanted));
        };
        while (at < name.size() && !same(name[at])) ++at;
        if (at == name.size()) return std::nullopt;
        skipped += at++ - begin;
    }
    return skipped;
}

struct Match {
    std::size_t distance;
    json shown;
};

void add_matches(const std::vector<Declaration>& declared, const Document& document, const std::string& uri,
                 const std::string& query, std::vector<Match>& matches) {
    for (const Declaration& one : declared) {
        auto far = distance(one.name, query);
        if (!far) continue;
        json location = {{"uri", uri}, {"range", range_json(document, Span{0, one.begin, one.end})}};
        matches.push_back(
            {*far * 100 + one.name.size(),
             {{"name", one.name}, {"kind", one.kind}, {"location", location}, {"containerName", one.container}}});
    }
}

}  // namespace

std::vector<Declaration> declarations_of(const ast::Module& module) {
    std::vector<Declaration> found;
    Collector(found).body(module.body, {});
    return found;
}

std::vector<std::string> nyx_files(const std::vector<std::string>& folders, const Interrupted& useless) {
    std::vector<std::string> files;
    std::size_t seen = 0;
    for (const std::string& folder : folders) {
        std::error_code error;
        constexpr auto kOptions = fs::directory_options::skip_permission_denied;
        for (fs::recursive_directory_iterator at(folder, kOptions, error), end; !error && at != end;
             at.increment(error)) {
            if (++seen > kMaxEntries || files.size() >= kMaxFiles || (seen % 256 == 0 && useless && useless()))
                return files;
            std::error_code ignored;
            std::string name = at->path().filename().string();
            if (name.starts_with('.') || name == "node_modules" || name == "build") at.disable_recursion_pending();
            if (name.ends_with(".ny") && at->is_regular_file(ignored) && at->file_size(ignored) <= kMaxSize)
                files.push_back(at->path().lexically_normal().string());
        }
    }
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

const SymbolIndex::Entry* SymbolIndex::of_file(const std::string& path) {
    std::error_code error;
    auto written = fs::last_write_time(path, error);
    auto size = fs::file_size(path, error);
    if (error) return nullptr;
    auto known = entries_.find(path);
    if (known != entries_.end() && known->second.written == written && known->second.size == size)
        return &known->second;
    source::SourceMap sources;
    diagnostics::Sink ignored;
    auto file = sources.load(path);
    if (!file) return nullptr;
    if (entries_.size() >= kMaxFiles) entries_.clear();
    Entry entry{written, size, Document(sources.file(*file).text, encoding_),
                declarations_of(*syntax::parse(sources, *file, ignored))};
    return &entries_.insert_or_assign(path, std::move(entry)).first->second;
}

Result<json> handle_workspace_symbol(Request& request) {
    Workspace& workspace = request.workspace;
    std::string query = request.params.value("query", std::string());
    std::vector<Match> matches;
    for (auto& [uri, file] : workspace.files()) {
        if (workspace.advance(file, Stage::kParsed, {}))
            add_matches(declarations_of(*file.analysis->tree()), file.document, uri, query, matches);
    }
    if (!workspace.symbols) workspace.symbols = std::make_shared<SymbolIndex>(workspace.client.encoding);
    for (const std::string& path : nyx_files(workspace.folders, request.useless)) {
        if (request.useless()) return json();
        if (workspace.find_path(path)) continue;
        if (const auto* entry = workspace.symbols->of_file(path))
            add_matches(entry->declared, entry->document, uri_of_path(path), query, matches);
    }
    std::stable_sort(matches.begin(), matches.end(),
                     [](const Match& a, const Match& b) { return a.distance < b.distance; });
    json list = json::array();
    for (Match& match : matches) {
        if (list.size() < kMaxFound) list.push_back(std::move(match.shown));
    }
    return list;
}

}  // namespace nyx::lsp

// Modules behind `import`, names behind `from … import`, files in strings.
#include <algorithm>
#include <filesystem>

#include "compiler/lsp/completion.h"
#include "compiler/lsp/uri.h"

namespace nyx::lsp {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxListed = 500;  // entries of one folder

struct Entry {
    std::string name;
    bool is_folder = false;
};

// Without what is hidden; sorted.
std::vector<Entry> list(const fs::path& folder) {
    std::vector<Entry> entries;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end && entries.size() < kMaxListed;
         at.increment(error)) {
        std::string name = at->path().filename().string();
        std::error_code ignored;
        if (!name.starts_with('.')) entries.push_back({name, at->is_directory(ignored)});
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return entries;
}

fs::path folder_of(const Completion& at) {
    return fs::path(at.request.file->path).parent_path();
}

void add_modules(const Completion& at, const fs::path& folder, bool is_stdlib) {
    for (const Entry& entry : list(folder)) {
        bool module = !entry.is_folder && entry.name.ends_with(".ny");
        fs::path path = folder / entry.name;
        if ((!module && !entry.is_folder) || path == fs::path(at.request.file->path)) continue;
        std::string name = module ? entry.name.substr(0, entry.name.size() - 3) : entry.name;
        at.items.add({.label = name,
                      .kind = module ? ItemKind::kModule : ItemKind::kFolder,
                      .detail = is_stdlib ? "standard library" : entry.name,
                      .rank = is_stdlib ? '3' : '2',
                      .data = module ? nlohmann::json{{"module", path.string()}} : nlohmann::json()});
    }
}

}  // namespace

void complete_modules(const Completion& at) {
    std::string written = at.cursor.module + at.cursor.prefix;
    std::string stdlib = at.request.workspace.stdlib().folder;
    std::size_t cut = written.find_last_of("./");
    std::string before = cut == std::string::npos ? "" : written.substr(0, cut);
    std::replace(before.begin(), before.end(), '.', '/');
    if (before == "std" || before.starts_with("std/")) {
        add_modules(at, fs::path(stdlib) / (before.size() > 4 ? before.substr(4) : ""), true);
        return;
    }
    add_modules(at, folder_of(at) / before, false);
    if (!before.empty() || stdlib.empty()) return;
    at.items.add({.label = "std", .kind = ItemKind::kFolder, .detail = "standard library", .rank = '1'});
    for (const Entry& entry : list(stdlib)) {
        bool classic = !entry.is_folder && entry.name.ends_with(".ny");
        if (!classic) continue;
        at.items.add({.label = entry.name.substr(0, entry.name.size() - 3),
                      .kind = ItemKind::kModule,
                      .detail = "standard library",
                      .rank = '3',
                      .data = {{"module", (fs::path(stdlib) / entry.name).string()}}});
    }
}

void complete_module_names(const Completion& at) {
    auto here = at.request.place();
    if (!here) return;
    std::string last = at.cursor.module.substr(at.cursor.module.find_last_of("./") + 1);
    for (analyze::SymbolId id = 0; id < here->model.symbol_count(); ++id) {
        const analyze::Symbol& symbol = here->model.symbol(id);
        if (symbol.kind != analyze::SymbolKind::kModule || symbol.name != last) continue;
        for (analyze::SymbolId child : here->model.children(id)) {
            const analyze::Symbol& name = here->model.symbol(child);
            if (!name.name.starts_with('_'))
                at.items.add({.label = name.name, .kind = ItemKind::kField, .detail = symbol_text(*here, child)});
        }
        return;
    }
}

void complete_paths(const Completion& at) {
    const check::FieldSpec* field = field_at(at);
    bool path = field && (field->type.kind == check::TypeKind::kImage || field->name == "path");
    if (!path) return;
    std::size_t cut = at.cursor.prefix.find_last_of('/');
    fs::path written = cut == std::string::npos ? "" : at.cursor.prefix.substr(0, cut + 1);
    fs::path folder = written.is_absolute() ? written : folder_of(at) / written;
    for (const Entry& entry : list(folder)) {
        at.items.add({.label = entry.is_folder ? entry.name + "/" : entry.name,
                      .kind = entry.is_folder ? ItemKind::kFolder : ItemKind::kFile,
                      .detail = {},
                      .rank = entry.is_folder ? '6' : '5'});
    }
}

}  // namespace nyx::lsp

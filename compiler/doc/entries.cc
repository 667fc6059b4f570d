#include "compiler/doc/entries.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/doc/html.h"
#include "compiler/syntax/ast_device.h"

namespace nyx::doc {

namespace {

struct Builtin {
    const char* name;
    const char* parameters;
    const char* result;
    const char* doc;
};
constexpr Builtin kBuiltins[] = {
#define NYX_BUILTIN(name, parameters, result, doc) {name, parameters, result, doc},
#include "compiler/analyze/builtins.def"
};

std::string page_of(Kind kind, const std::string& module, const std::string& name) {
    std::string file = module.empty() ? path_part(name) : path_part(module) + "." + path_part(name);
    return fmt::format("{}/{}.html", kind_text(kind), file);
}

}  // namespace

const char* kind_text(Kind kind) {
    constexpr const char* kTexts[] = {"module",  "class",  "function", "constant",
                                      "machine", "device", "schema",   "builtin"};
    return kTexts[static_cast<std::size_t>(kind)];
}

Entries::Entries(const Input& input) {
    for (const DocModule& module : input.modules) add_module(module, input.schemas);
    for (const Builtin& builtin : kBuiltins) {
        Entry entry;
        entry.kind = Kind::kBuiltin;
        entry.name = builtin.name;
        entry.doc = builtin.doc;
        entry.parameters = builtin.parameters;
        entry.result = builtin.result;
        entry.is_library = true;
        entry.href = page_of(Kind::kBuiltin, {}, entry.name);
        add(std::move(entry));
    }
}

void Entries::add(Entry entry) {
    if (entry.kind == Kind::kModule) {
        modules_[entry.name] = all_.size();
    } else {
        by_name_[entry.name].push_back(all_.size());
    }
    all_.push_back(std::move(entry));
}

void Entries::add_module(const DocModule& module, const check::Schemas& schemas) {
    Entry entry;
    entry.name = module.name;
    entry.module = module.name;
    entry.href = page_of(Kind::kModule, {}, module.name);
    entry.doc = module.tree->doc;
    entry.is_library = module.is_library;
    entry.source = &module;
    add(std::move(entry));
    for (const ast::StmtPtr& statement : module.tree->body) add_statement(module, *statement, "", schemas);
}

// inside: the `module M { … }` that it stands in, with its dot.
void Entries::add_statement(const DocModule& module, const ast::Stmt& statement, const std::string& inside,
                            const check::Schemas& schemas) {
    Entry entry;
    entry.module = module.name;
    entry.is_library = module.is_library;
    entry.node = &statement;
    entry.source = &module;
    auto put = [&](Kind kind, const std::string& name, const std::string& doc) {
        if (name.starts_with('_')) return;  // its module's own affair
        entry.kind = kind;
        entry.name = inside + name;
        entry.doc = doc;
        entry.href = kind == Kind::kConstant
                         ? fmt::format("module/{}.html#{}", path_part(module.name), path_part(entry.name))
                         : page_of(kind, module.name, entry.name);
        add(entry);
    };
    if (const auto* function = ast::try_as<ast::FnDecl>(&statement))
        put(Kind::kFunction, function->name.text, function->doc);
    if (const auto* type = ast::try_as<ast::ClassDecl>(&statement)) put(Kind::kClass, type->name.text, type->doc);
    if (const auto* machine = ast::try_as<ast::MachineDecl>(&statement))
        put(Kind::kMachine, machine->name.text, machine->doc);
    if (const auto* schema = ast::try_as<ast::SchemaDecl>(&statement)) {
        entry.schema = module.is_library ? schemas.find(schema->name.text) : nullptr;
        bool is_device = entry.schema && schemas.derives(*entry.schema, "device");
        put(is_device ? Kind::kDevice : Kind::kSchema, schema->name.text, schema->doc);
    }
    if (const auto* device = ast::try_as<ast::DeviceDecl>(&statement)) {
        entry.schema = schemas.find(device->name.text);
        put(Kind::kDevice, device->name.text, device->doc);
    }
    if (const auto* let = ast::try_as<ast::LetStmt>(&statement); let && let->binding == ast::LetKind::kConst)
        for (const ast::Ident& name : let->names) put(Kind::kConstant, name.text, "");
    if (const auto* inner = ast::try_as<ast::ModuleDecl>(&statement))
        for (const ast::StmtPtr& one : inner->body)
            add_statement(module, *one, inside + inner->name.text + ".", schemas);
}

const Entry* Entries::find(std::string_view name, std::string_view module) const {
    auto found = by_name_.find(name);
    if (found == by_name_.end()) return nullptr;
    for (std::size_t index : found->second)
        if (all_[index].module == module) return &all_[index];
    return found->second.size() == 1 ? &all_[found->second.front()] : nullptr;
}

const Entry* Entries::find_module(std::string_view name) const {
    auto found = modules_.find(name);
    return found == modules_.end() ? nullptr : &all_[found->second];
}

std::string Entries::summary(const std::string& doc) {
    std::size_t end = doc.find("\n\n");
    std::string first = doc.substr(0, end);
    std::size_t stop = first.find(". ");
    if (stop != std::string::npos) first.resize(stop + 1);
    std::replace(first.begin(), first.end(), '\n', ' ');
    return first;
}

}  // namespace nyx::doc

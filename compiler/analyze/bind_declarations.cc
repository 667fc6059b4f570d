// What modules declare and import.
#include <algorithm>

#include "compiler/analyze/bind.h"
#include "compiler/lower/bodies.h"

namespace nyx::analyze {

namespace {

// "c" of "a.b.c" and of "a/b/c.ny".
std::string last_part(std::string path) {
    if (path.ends_with(".ny")) path.resize(path.size() - 3);
    return path.substr(path.find_last_of("./") + 1);
}

}  // namespace

void Binder::declare_module(std::size_t index) {
    const ast::Module& tree = *data_.program->modules[index];
    const std::string& text = data_.sources->file(tree.file).text;
    Symbol symbol;
    symbol.kind = SymbolKind::kModule;
    symbol.name = data_.program->names[index];
    symbol.name_span = {tree.file, 0, 0};
    symbol.span = {tree.file, 0, static_cast<std::uint32_t>(text.size())};
    symbol.doc = tree.doc;
    symbol.is_pattern = true;
    symbol.entry = static_cast<std::uint32_t>(data_.modules.size());
    module_entries_.push_back(symbol.entry);
    ModuleEntry& entry = data_.modules.emplace_back();
    entry.file = tree.file;
    entry.is_stdlib = data_.sources->file(tree.file).is_stdlib;
    SymbolId id = data_.add(std::move(symbol));
    data_.symbols[id].type = data_.types.module(id);
    entry.symbol = id;
    for (std::size_t automatic : data_.program->automatic[index]) entry.imports.push_back(module_entries_[automatic]);
    declare_names(module_entries_.back(), tree.body, index);
}

// The name under which a module was imported: a declaration of the importing module may take it over.
bool Binder::gives_way(SymbolId symbol) const {
    const Symbol& known = data_.symbols[symbol];
    return known.kind == SymbolKind::kModule && data_.modules[known.entry].parent == kNone;
}

// The first declaration of a name is the one that counts; lower reports the others.
SymbolId Binder::module_name(std::uint32_t module, const ast::Ident& ident, SymbolKind kind, Span whole) {
    SymbolId symbol = add_symbol(kind, ident, whole, data_.modules[module].symbol);
    auto [known, added] = data_.modules[module].names.try_emplace(ident.text, symbol);
    if (!added && gives_way(known->second)) known->second = symbol;
    note(ident, symbol);
    return symbol;
}

void Binder::declare_names(std::uint32_t module, const ast::StmtList& body, std::size_t index) {
    for (const ast::StmtPtr& stmt : body) {
        if (const auto* fn = ast::try_as<ast::FnDecl>(stmt.get())) {
            Symbol& symbol = data_.symbols[module_name(module, fn->name, SymbolKind::kFunction, fn->span)];
            symbol.doc = fn->doc;
            symbol.is_pattern = true;
        } else if (const auto* cls = ast::try_as<ast::ClassDecl>(stmt.get())) {
            add_class(*cls, module_name(module, cls->name, SymbolKind::kClass, cls->span));
        } else if (const auto* machine = ast::try_as<ast::MachineDecl>(stmt.get())) {
            if (machine->name.text.empty()) continue;
            Symbol& symbol = data_.symbols[module_name(module, machine->name, SymbolKind::kMachine, machine->span)];
            symbol.doc = machine->doc;
            symbol.is_pattern = true;
            if (!machine->is_host) symbol.type = data_.types.basic(TypeKind::kMachine);
        } else if (const auto* import = ast::try_as<ast::ImportStmt>(stmt.get())) {
            declare_import(module, *import, index);
        } else if (const auto* alias = ast::try_as<ast::TypeAliasStmt>(stmt.get())) {
            SymbolId symbol =
                add_symbol(SymbolKind::kTypeAlias, alias->name, alias->span, data_.modules[module].symbol);
            note(alias->name, symbol);
            data_.modules[module].aliases[alias->name.text] = {symbol, &alias->type};
        } else if (const auto* let = ast::try_as<ast::LetStmt>(stmt.get())) {
            bool changes = let->binding == ast::LetKind::kLetMut || !let->value;
            for (const ast::Ident& ident : let->names) {
                SymbolId symbol =
                    module_name(module, ident, changes ? SymbolKind::kVariable : SymbolKind::kConstant, let->span);
                data_.symbols[symbol].is_pattern = let->binding == ast::LetKind::kConst;
            }
        } else if (const auto* inner = ast::try_as<ast::ModuleDecl>(stmt.get())) {
            SymbolId symbol = module_name(module, inner->name, SymbolKind::kModule, inner->span);
            auto fresh = static_cast<std::uint32_t>(data_.modules.size());
            ModuleEntry& entry = data_.modules.emplace_back();
            entry.symbol = symbol;
            entry.file = data_.modules[module].file;
            entry.parent = module;
            entry.is_stdlib = data_.modules[module].is_stdlib;
            data_.symbols[symbol].entry = fresh;
            data_.symbols[symbol].doc = inner->doc;
            data_.symbols[symbol].is_pattern = true;
            data_.symbols[symbol].type = data_.types.module(symbol);
            inner_modules_[inner] = fresh;
            declare_names(fresh, inner->body, index);
        } else if (const auto* schema = ast::try_as<ast::SchemaDecl>(stmt.get())) {
            declare_schema(*schema, module);
        } else if (const auto* device = ast::try_as<ast::DeviceDecl>(stmt.get())) {
            declare_device(*device, module);
        }
    }
    declare_assigned(module, body);
}

// Plain assignments outside functions declare names of the module, in blocks as well.
void Binder::declare_assigned(std::uint32_t module, const ast::StmtList& body) {
    for (const ast::StmtPtr& stmt : body) {
        if (const auto* assign = ast::try_as<ast::AssignStmt>(stmt.get()); assign && !assign->op) {
            auto add = [&](const ast::Expr* target) {
                const auto* name = ast::try_as<ast::NameExpr>(target);
                auto& names = data_.modules[module].names;
                auto known = name ? names.find(name->name) : names.end();
                if (!name || (known != names.end() && !gives_way(known->second))) return;
                SymbolId symbol = add_symbol(SymbolKind::kVariable, {name->name, name->span}, assign->span,
                                             data_.modules[module].symbol);
                names[name->name] = symbol;
            };
            add(assign->target.get());
            if (const auto* tuple = ast::try_as<ast::TupleExpr>(assign->target.get())) {
                for (const ast::ExprPtr& element : tuple->elements) add(element.get());
            }
        }
        lower::each_body(*stmt, [&](const ast::StmtList& inner) { declare_assigned(module, inner); });
    }
}

void Binder::declare_import(std::uint32_t module, const ast::ImportStmt& import, std::size_t index) {
    const auto& imports = data_.program->imports[index];
    auto found = imports.find(&import);
    if (found == imports.end()) {  // reported; its names are of unknown type
        auto unknown = [&](const ast::Ident& ident) {
            SymbolId symbol = module_name(module, ident, SymbolKind::kImport, import.span);
            data_.symbols[symbol].type = {};
            data_.symbols[symbol].annotated = true;
            data_.symbols[symbol].is_pattern = true;
        };
        if (import.names.empty() && import.alias) unknown(*import.alias);
        if (import.names.empty() && !import.alias) unknown({last_part(import.path.text), import.path.span});
        for (const ast::Ident& name : import.names) unknown(name);
        return;
    }
    std::uint32_t from = module_entries_[found->second];
    data_.refer(import.path.span, data_.modules[from].symbol);
    ModuleEntry& entry = data_.modules[module];
    for (const ast::Ident& name : import.names) {
        auto exported = data_.modules[from].names.find(name.text);
        if (exported == data_.modules[from].names.end() || name.text.starts_with("_")) continue;
        entry.names.try_emplace(name.text, exported->second);
        data_.refer(name.span, exported->second);
    }
    if (!import.names.empty()) return;
    SymbolId bound = data_.modules[from].symbol;
    if (import.alias && !entry.names.contains(import.alias->text)) {
        SymbolId symbol = module_name(module, *import.alias, SymbolKind::kImport, import.span);
        data_.symbols[symbol].target = bound;
        data_.symbols[symbol].type = data_.symbols[bound].type;
        data_.symbols[symbol].annotated = true;
        data_.symbols[symbol].is_pattern = true;
    } else if (!import.alias) {
        entry.names.try_emplace(data_.symbols[bound].name, bound);
    }
    entry.imports.push_back(from);
}

void Binder::declare_schema(const ast::SchemaDecl& schema, std::uint32_t module) {
    SchemaEntry& entry = add_schema(schema.name, schema.span, schema.doc, module);
    if (schema.base) entry.base = schema.base->text;
    for (const ast::FieldDecl& field : schema.fields) add_schema_field(entry, field.name, field.value.get(), field.doc);
}

// A device is a schema of its parameters.
void Binder::declare_device(const ast::DeviceDecl& device, std::uint32_t module) {
    SchemaEntry& entry = add_schema(device.name, device.span, device.doc, module);
    entry.base = device.base ? device.base->text : "device";
    for (const ast::Parameter& parameter : device.parameters)
        add_schema_field(entry, parameter.name, parameter.default_value.get(), parameter.doc);
}

SchemaEntry& Binder::add_schema(const ast::Ident& name, Span whole, const std::string& doc, std::uint32_t module) {
    SymbolId symbol = add_symbol(SymbolKind::kSchema, name, whole, data_.modules[module].symbol);
    data_.symbols[symbol].doc = doc;
    data_.symbols[symbol].entry = static_cast<std::uint32_t>(data_.schemas.size());
    data_.schema_names.try_emplace(name.text, data_.symbols[symbol].entry);
    note(name, symbol);
    SchemaEntry& entry = data_.schemas.emplace_back();
    entry.symbol = symbol;
    return entry;
}

void Binder::add_schema_field(SchemaEntry& entry, const ast::Ident& name, const ast::Expr* value,
                              const std::string& doc) {
    Span whole = value ? join(name.span, value->span) : name.span;
    SymbolId id = add_symbol(SymbolKind::kSchemaField, name, whole, entry.symbol);
    data_.symbols[id].doc = doc;
    data_.symbols[id].type = {};
    entry.fields.emplace(name.text, id);
    note(name, id);
}

void Binder::module_decl(const ast::ModuleDecl& node) {
    auto found = inner_modules_.find(&node);
    if (found == inner_modules_.end()) return;
    if (!frame_->is_module_body || frame_->scopes.size() > 1) return;
    std::uint32_t outer = std::exchange(module_, found->second);
    // Its names are the module's, not a block's.
    data_.scopes.push_back({node.span, frame_->entries.back(), module_, kNone, {}});
    frame_->entries.push_back(static_cast<std::uint32_t>(data_.scopes.size() - 1));
    statements(node.body);
    frame_->entries.pop_back();
    module_ = outer;
}

}  // namespace nyx::analyze

#include "compiler/doc/pages.h"

#include <fmt/format.h>

#include "compiler/doc/html.h"
#include "compiler/doc/prose.h"

namespace nyx::doc {

Table::Table(std::string caption, std::vector<std::string> columns) : caption_(std::move(caption)) {
    for (const std::string& column : columns) head_ += fmt::format("<th scope=\"col\">{}</th>", column);
}

void Table::row(const std::string& anchor, const std::vector<std::string>& cells) {
    rows_ += anchor.empty() ? "<tr>" : fmt::format("<tr id=\"{}\">", path_part(anchor));
    for (std::size_t i = 0; i < cells.size(); ++i)
        rows_ += i == 0 ? fmt::format("<th scope=\"row\">{}</th>", cells[i]) : fmt::format("<td>{}</td>", cells[i]);
    rows_ += "</tr>\n";
}

std::string Table::text() const {
    if (rows_.empty()) return {};
    return fmt::format(
        "<h2>{0}</h2>\n<div class=\"wide\" role=\"region\" aria-label=\"{0}\" "
        "tabindex=\"0\"><table>\n<thead><tr>{1}</tr></thead>\n<tbody>\n{2}"
        "</tbody>\n</table></div>\n",
        caption_, head_, rows_);
}

std::string heading(const Context& context, const Entry& entry) {
    return fmt::format("<h1><span class=\"kind\">{}</span> {}</h1>\n{}", kind_text(entry.kind), escaped(entry.name),
                       prose(context, entry.doc));
}

std::string declared_in(const Context& context, const Entry& entry, Span where) {
    if (!entry.source || !where.known()) return {};
    return fmt::format("<p class=\"where\">Declared in {}, line {}.</p>\n", escaped(entry.source->file),
                       context.sources.position(where.file, where.begin).line);
}

namespace {

class Body {
  public:
    Body(const Context& context, const Entry& entry, const check::Schemas& schemas)
        : context_(context), entry_(entry), schemas_(schemas) {}

    std::string write() {
        switch (entry_.kind) {
            case Kind::kModule:
                return module();
            case Kind::kClass:
                return type(ast::as<ast::ClassDecl>(*entry_.node));
            case Kind::kFunction:
                return function(ast::as<ast::FnDecl>(*entry_.node));
            case Kind::kMachine:
                return machine(ast::as<ast::MachineDecl>(*entry_.node));
            case Kind::kBuiltin:
                return builtin();
            default:
                return schema_body(context_, entry_, schemas_);
        }
    }

  private:
    std::string_view text(Span span) const { return context_.sources.text(span); }
    std::string inline_code(std::string_view text) const {
        return text.empty() ? "" : fmt::format("<code>{}</code>", code(context_, text));
    }

    std::string module() {
        std::string out = heading(context_, entry_);
        out += code_block(context_, "import " + entry_.name);
        for (Kind kind : {Kind::kMachine, Kind::kDevice, Kind::kSchema, Kind::kClass, Kind::kFunction})
            out += members(kind);
        out += constants();
        return out + declared_in(context_, entry_, Span{entry_.source->tree->file, 0, 0});
    }
    std::string members(Kind kind) {
        constexpr const char* kCaptions[] = {"", "Classes", "Functions", "", "Machines", "Devices", "Schemas", ""};
        Table table(kCaptions[static_cast<std::size_t>(kind)], {"Name", "Is"});
        for (const Entry& one : context_.entries.all()) {
            if (one.kind != kind || one.module != entry_.name) continue;
            table.row("",
                      {link(context_.root + one.href, one.name), inline_prose(context_, Entries::summary(one.doc))});
        }
        return table.text();
    }
    std::string constants() {
        Table table("Constants", {"Name", "Value"});
        for (const Entry& one : context_.entries.all()) {
            if (one.kind != Kind::kConstant || one.module != entry_.name) continue;
            const auto& let = ast::as<ast::LetStmt>(*one.node);
            std::string_view value = let.value ? text(let.value->span) : std::string_view();
            bool is_long = value.size() > 80 || value.find('\n') != std::string_view::npos;
            table.row(one.name, {escaped(one.name), is_long ? code_block(context_, value) : inline_code(value)});
        }
        return table.text();
    }

    std::string type(const ast::ClassDecl& type) {
        std::string base = type.base ? " extends " + type.base->text : "";
        std::string out = heading(context_, entry_) + code_block(context_, "class " + type.name.text + base);
        Table fields("Fields", {"Name", "Type", "Default", "Is"});
        for (const ast::FieldDecl& field : type.fields) {
            if (field.name.text.starts_with('_')) continue;
            fields.row(field.name.text,
                       {escaped(field.name.text), inline_code(field.type ? text(field.type->span) : std::string_view()),
                        inline_code(field.value ? text(field.value->span) : std::string_view()),
                        inline_prose(context_, field.doc)});
        }
        out += fields.text();
        std::string methods;
        for (const auto& method : type.methods) {
            if (method->name.text.starts_with('_')) continue;
            methods += fmt::format("<h3 id=\"{}\">{}</h3>\n", path_part(method->name.text), escaped(method->name.text));
            methods += code_block(context_, signature(context_.sources, method->name.text, method->fn));
            methods += prose(context_, method->doc);
        }
        if (!methods.empty()) out += "<h2>Methods</h2>\n" + methods;
        return out + declared_in(context_, entry_, type.name.span);
    }

    std::string function(const ast::FnDecl& function) {
        return heading(context_, entry_) +
               code_block(context_, signature(context_.sources, function.name.text, function.fn)) +
               declared_in(context_, entry_, function.name.span);
    }

    std::string builtin() {
        std::string result = entry_.result == "null" ? "" : " -> " + entry_.result;
        return heading(context_, entry_) +
               code_block(context_, fmt::format("{}({}){}", entry_.name, entry_.parameters, result)) +
               "<p>Built in: it needs no import. <code>?</code> marks what may be left out; <code>self</code> is the "
               "type of the "
               "first argument, <code>T</code> that of its elements.</p>\n";
    }

    std::string machine(const ast::MachineDecl& machine) {
        std::string out = heading(context_, entry_);
        if (machine.base) out += fmt::format("<p>Extends {}.</p>\n", inline_code(machine.base->text));
        Table settings("Settings", {"Field", "Value", "Is"});
        Table devices("Devices", {"Name", "Type", "Is"});
        for (const ast::StmtPtr& statement : machine.body) {
            if (const auto* set = ast::try_as<ast::AssignStmt>(statement.get())) setting(*set, settings);
            if (const auto* device = ast::try_as<ast::DeviceStmt>(statement.get()))
                devices.row("", {escaped(device->name ? device->name->text : device->type.text),
                                 inline_code(device->type.text), inline_prose(context_, device->doc)});
        }
        out += settings.text() + devices.text() + "<h2>Source</h2>\n" + code_block(context_, text(machine.span));
        return out + declared_in(context_, entry_, machine.name.span);
    }
    void setting(const ast::AssignStmt& set, Table& settings) const {
        const auto* name = ast::try_as<ast::NameExpr>(set.target.get());
        if (!name || !set.value) return;
        const check::Schema* schema = schemas_.find("machine");
        const check::FieldSpec* field = schema ? schema->find(name->name) : nullptr;
        settings.row("", {escaped(name->name), inline_code(text(set.value->span)),
                          field ? inline_prose(context_, field->doc) : ""});
    }

    const Context& context_;
    const Entry& entry_;
    const check::Schemas& schemas_;
};

}  // namespace

std::string page_body(const Context& context, const Entry& entry, const check::Schemas& schemas) {
    return Body(context, entry, schemas).write();
}

}  // namespace nyx::doc

#include "compiler/syntax/ast_json.h"

#include "compiler/syntax/ast_writer.h"

namespace nyx::syntax {

using namespace ast;

namespace {

const char* name_of(ExprKind kind) {
    switch (kind) {
#define NYX_EXPR(name)      \
    case ExprKind::k##name: \
        return #name;
#include "compiler/syntax/ast_kinds.def"
    }
    return "";
}

const char* name_of(StmtKind kind) {
    switch (kind) {
#define NYX_STMT(name)      \
    case StmtKind::k##name: \
        return #name;
#include "compiler/syntax/ast_kinds.def"
    }
    return "";
}

}  // namespace

AstWriter::Json AstWriter::module(const Module& module) {
    Json json = {{"kind", "Module"}, {"file", sources_.file(module.file).path}};
    put(json, "doc", module.doc);
    json["body"] = list(module.body);
    return json;
}

AstWriter::Json AstWriter::start(const char* kind, Span span) {
    if (places_ == Places::kLeftOut) return {{"kind", kind}};
    source::Position at = span.known() ? sources_.position(span.file, span.begin) : source::Position{};
    return {{"kind", kind}, {"line", at.line}, {"column", at.column}};
}

AstWriter::Json AstWriter::node(const Expr& expr) {
    Json json = start(name_of(expr.kind), expr.span);
    switch (expr.kind) {
#define NYX_EXPR(name)              \
    case ExprKind::k##name:         \
        fill(json, as<name>(expr)); \
        break;
#include "compiler/syntax/ast_kinds.def"
    }
    return json;
}
AstWriter::Json AstWriter::node(const Stmt& stmt) {
    Json json = start(name_of(stmt.kind), stmt.span);
    switch (stmt.kind) {
#define NYX_STMT(name)              \
    case StmtKind::k##name:         \
        fill(json, as<name>(stmt)); \
        break;
#include "compiler/syntax/ast_kinds.def"
    }
    return json;
}

AstWriter::Json AstWriter::list(const std::vector<Ident>& names) {
    Json all = Json::array();
    for (const Ident& name : names) all.push_back(name.text);
    return all;
}

void AstWriter::put(Json& json, const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
}
void AstWriter::put(Json& json, const char* key, const ExprPtr& expr) {
    if (expr) json[key] = node(*expr);
}
void AstWriter::put(Json& json, const char* key, const StmtPtr& stmt) {
    if (stmt) json[key] = node(*stmt);
}
void AstWriter::put(Json& json, const char* key, const std::optional<Ident>& name) {
    if (name) json[key] = name->text;
}
void AstWriter::put(Json& json, const char* key, const std::optional<TypeRef>& type) {
    if (type) json[key] = type_json(*type);
}

AstWriter::Json AstWriter::type_json(const TypeRef& type) {
    Json json = {{"name", type.name}};
    for (const TypeRef& parameter : type.parameters) json["parameters"].push_back(type_json(parameter));
    if (type.result) json["result"] = type_json(*type.result);
    put(json, "arguments", type.arguments);
    if (type.nullable) json["nullable"] = true;
    return json;
}
AstWriter::Json AstWriter::fn_json(const FnBody& fn) {
    Json json = {{"parameters", parameters(fn.parameters)}};
    put(json, "result", fn.result);
    if (fn.has_body) json["body"] = list(fn.body);
    return json;
}
AstWriter::Json AstWriter::parameters(const std::vector<Parameter>& all) {
    Json json = Json::array();
    for (const Parameter& one : all) {
        Json parameter = {{"name", one.name.text}};
        put(parameter, "type", one.type);
        put(parameter, "default", one.default_value);
        put(parameter, "doc", one.doc);
        json.push_back(parameter);
    }
    return json;
}
AstWriter::Json AstWriter::fields(const std::vector<FieldDecl>& all) {
    Json json = Json::array();
    for (const FieldDecl& one : all) {
        Json field = {{"name", one.name.text}};
        put(field, "type", one.type);
        put(field, "value", one.value);
        put(field, "doc", one.doc);
        put(field, "annotations", one.annotations);
        json.push_back(field);
    }
    return json;
}

AstWriter::Json AstWriter::arguments(const std::vector<Argument>& all) {
    Json json = Json::array();
    for (const Argument& argument : all) {
        Json one = Json::object();
        put(one, "name", argument.name);
        put(one, "value", argument.value);
        json.push_back(one);
    }
    return json;
}
AstWriter::Json AstWriter::list(const std::vector<Annotation>& all) {
    Json json = Json::array();
    for (const Annotation& one : all)
        json.push_back({{"name", one.name.text}, {"arguments", arguments(one.arguments)}});
    return json;
}

std::string ast_json(const source::SourceMap& sources, const ast::Module& module, Places places) {
    return AstWriter(sources, places).module(module).dump(2, ' ', false, AstWriter::Json::error_handler_t::replace) +
           "\n";
}

}  // namespace nyx::syntax

#include "compiler/syntax/ast_json.h"

#include <nlohmann/json.hpp>

#include "compiler/syntax/ast_json_device.h"

namespace nyx::syntax {

namespace {

using Json = nlohmann::ordered_json;
using namespace ast;

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

const char* text_of(BinaryOp op) {
    constexpr const char* kText[] = {"+",  "-",  "*", "/",  "//", "%",  "**", "&",      "|",  "^",  "<<", ">>",
                                     "==", "!=", "<", "<=", ">",  ">=", "in", "not in", "&&", "||", "??", ".."};
    static_assert(std::size(kText) == static_cast<std::size_t>(BinaryOp::kRange) + 1);
    return kText[static_cast<std::size_t>(op)];
}

const char* text_of(UnaryOp op) {
    switch (op) {
        case UnaryOp::kNegate:
            return "-";
        case UnaryOp::kNot:
            return "!";
        case UnaryOp::kBitNot:
            return "~";
    }
    return "";
}

// One overload of fill() a kind: a kind in ast_kinds.def without one does not compile.
class Writer {
  public:
    Writer(const source::SourceMap& sources, Places places) : sources_(sources), places_(places) {}

    Json module(const Module& module) {
        Json json = {{"kind", "Module"}, {"file", sources_.file(module.file).path}};
        put(json, "doc", module.doc);
        json["body"] = list(module.body);
        return json;
    }

  private:
    Json start(const char* kind, Span span) {
        if (places_ == Places::kLeftOut) return {{"kind", kind}};
        source::Position at = span.known() ? sources_.position(span.file, span.begin) : source::Position{};
        return {{"kind", kind}, {"line", at.line}, {"column", at.column}};
    }

    Json node(const Expr& expr) {
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
    Json node(const Stmt& stmt) {
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

    template <class Node>
    Json list(const std::vector<std::unique_ptr<Node>>& nodes) {
        Json all = Json::array();
        for (const auto& one : nodes) all.push_back(one ? node(*one) : Json());
        return all;
    }
    Json list(const std::vector<Ident>& names) {
        Json all = Json::array();
        for (const Ident& name : names) all.push_back(name.text);
        return all;
    }

    void put(Json& json, const char* key, const std::string& text) {
        if (!text.empty()) json[key] = text;
    }
    void put(Json& json, const char* key, const ExprPtr& expr) {
        if (expr) json[key] = node(*expr);
    }
    void put(Json& json, const char* key, const StmtPtr& stmt) {
        if (stmt) json[key] = node(*stmt);
    }
    template <class T>
    void put(Json& json, const char* key, const std::vector<T>& all) {
        if (!all.empty()) json[key] = list(all);
    }
    void put(Json& json, const char* key, const std::optional<Ident>& name) {
        if (name) json[key] = name->text;
    }
    void put(Json& json, const char* key, const std::optional<TypeRef>& type) {
        if (type) json[key] = type_json(*type);
    }

    Json type_json(const TypeRef& type) {
        Json json = {{"name", type.name}};
        for (const TypeRef& parameter : type.parameters) json["parameters"].push_back(type_json(parameter));
        if (type.result) json["result"] = type_json(*type.result);
        put(json, "arguments", type.arguments);
        if (type.nullable) json["nullable"] = true;
        return json;
    }
    Json fn_json(const FnBody& fn) {
        Json json = {{"parameters", parameters(fn.parameters)}};
        put(json, "result", fn.result);
        if (fn.has_body) json["body"] = list(fn.body);
        return json;
    }
    Json parameters(const std::vector<Parameter>& all) {
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
    Json fields(const std::vector<FieldDecl>& all) {
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

    Json arguments(const std::vector<Argument>& all) {
        Json json = Json::array();
        for (const Argument& argument : all) {
            Json one = Json::object();
            put(one, "name", argument.name);
            put(one, "value", argument.value);
            json.push_back(one);
        }
        return json;
    }
    Json list(const std::vector<Annotation>& all) {
        Json json = Json::array();
        for (const Annotation& one : all)
            json.push_back({{"name", one.name.text}, {"arguments", arguments(one.arguments)}});
        return json;
    }

    void fill(Json&, const NullLiteral&) {}
    void fill(Json& json, const BoolLiteral& e) { json["value"] = e.value; }
    void fill(Json& json, const IntLiteral& e) { json["value"] = e.value; }
    void fill(Json& json, const FloatLiteral& e) { json["value"] = e.value; }
    void fill(Json& json, const Quantity& e) {
        put(json, "number", e.number);
        json["unit"] = e.unit.text;
    }
    void fill(Json& json, const StringLiteral& e) { json["value"] = e.value; }
    void fill(Json& json, const InterpolatedString& e) {
        json["literals"] = e.literals;
        json["values"] = list(e.values);
        json["formats"] = e.formats;
    }
    void fill(Json& json, const NameExpr& e) { json["name"] = e.name; }
    void fill(Json&, const SuperExpr&) {}
    void fill(Json& json, const ArrayExpr& e) { json["elements"] = list(e.elements); }
    void fill(Json& json, const TupleExpr& e) { json["elements"] = list(e.elements); }
    void fill(Json& json, const MapExpr& e) {
        json["entries"] = Json::array();
        for (const MapEntry& entry : e.entries) {
            Json one = Json::object();
            put(one, "key", entry.key);
            put(one, "value", entry.value);
            json["entries"].push_back(one);
        }
    }
    void fill(Json& json, const Comprehension& e) {
        put(json, "element", e.element);
        put(json, "names", e.names);
        put(json, "iterable", e.iterable);
        put(json, "condition", e.condition);
    }
    void fill(Json& json, const UnaryExpr& e) {
        json["op"] = text_of(e.op);
        put(json, "operand", e.operand);
    }
    void fill(Json& json, const BinaryExpr& e) {
        json["op"] = text_of(e.op);
        put(json, "left", e.left);
        put(json, "right", e.right);
    }
    void fill(Json& json, const CallExpr& e) {
        put(json, "callee", e.callee);
        json["arguments"] = arguments(e.arguments);
    }
    void fill(Json& json, const IndexExpr& e) {
        put(json, "object", e.object);
        put(json, "index", e.index);
    }
    void fill(Json& json, const SliceExpr& e) {
        put(json, "object", e.object);
        put(json, "begin", e.begin);
        put(json, "end", e.end);
    }
    void fill(Json& json, const MemberExpr& e) {
        put(json, "object", e.object);
        json["member"] = e.member.text;
        if (e.optional) json["optional"] = true;
    }
    void fill(Json& json, const StepExpr& e) {
        json["op"] = e.increment ? "++" : "--";
        put(json, "target", e.target);
    }
    void fill(Json& json, const FnExpr& e) { json["fn"] = fn_json(e.fn); }
    void fill(Json&, const ErrorExpr&) {}

    void fill(Json& json, const ExprStmt& s) { put(json, "expr", s.expr); }
    void fill(Json& json, const LetStmt& s) {
        json["binding"] = s.binding == LetKind::kConst ? "const" : s.binding == LetKind::kLetMut ? "let mut" : "let";
        put(json, "names", s.names);
        put(json, "type", s.type);
        put(json, "value", s.value);
    }
    void fill(Json& json, const AssignStmt& s) {
        if (s.op) json["op"] = text_of(*s.op);
        put(json, "target", s.target);
        put(json, "value", s.value);
    }
    void fill(Json& json, const BlockStmt& s) { json["body"] = list(s.body); }
    void fill(Json& json, const IfStmt& s) {
        put(json, "condition", s.condition);
        json["then"] = list(s.then_body);
        put(json, "else", s.else_body);
    }
    void fill(Json& json, const WhileStmt& s) {
        put(json, "condition", s.condition);
        json["body"] = list(s.body);
    }
    void fill(Json& json, const ForStmt& s) {
        put(json, "init", s.init);
        put(json, "condition", s.condition);
        put(json, "step", s.step);
        json["body"] = list(s.body);
    }
    void fill(Json& json, const ForInStmt& s) {
        put(json, "names", s.names);
        put(json, "iterable", s.iterable);
        json["body"] = list(s.body);
    }
    void fill(Json& json, const SwitchStmt& s) {
        put(json, "subject", s.subject);
        json["cases"] = Json::array();
        for (const SwitchCase& one : s.cases)
            json["cases"].push_back({{"values", list(one.values)}, {"body", list(one.body)}});
    }
    void fill(Json& json, const MatchStmt& s) {
        put(json, "subject", s.subject);
        json["arms"] = Json::array();
        for (const MatchArm& arm : s.arms) {
            Json one = {{"patterns", list(arm.patterns)}};
            put(one, "guard", arm.guard);
            one["body"] = list(arm.body);
            json["arms"].push_back(one);
        }
    }
    void fill(Json&, const BreakStmt&) {}
    void fill(Json&, const ContinueStmt&) {}
    void fill(Json& json, const ReturnStmt& s) { put(json, "value", s.value); }
    void fill(Json& json, const TryStmt& s) {
        json["body"] = list(s.body);
        put(json, "name", s.catch_name);
        if (s.has_catch) json["catch"] = list(s.catch_body);
        put(json, "finally", s.finally_body);
    }
    void fill(Json& json, const ThrowStmt& s) { put(json, "value", s.value); }
    void fill(Json& json, const AssertStmt& s) {
        put(json, "condition", s.condition);
        put(json, "message", s.message);
    }
    void fill(Json&, const PassStmt&) {}
    void fill(Json& json, const FnDecl& s) {
        json["name"] = s.name.text;
        put(json, "doc", s.doc);
        json["fn"] = fn_json(s.fn);
    }
    void fill(Json& json, const ClassDecl& s) {
        json["name"] = s.name.text;
        put(json, "base", s.base);
        put(json, "doc", s.doc);
        json["fields"] = fields(s.fields);
        json["methods"] = Json::array();
        for (const auto& method : s.methods) json["methods"].push_back(node(*method));
    }
    void fill(Json& json, const ModuleDecl& s) {
        json["name"] = s.name.text;
        put(json, "doc", s.doc);
        json["body"] = list(s.body);
    }
    void fill(Json& json, const ImportStmt& s) {
        json["path"] = s.path.text;
        put(json, "names", s.names);
        put(json, "alias", s.alias);
    }
    void fill(Json& json, const TypeAliasStmt& s) {
        json["name"] = s.name.text;
        json["type"] = type_json(s.type);
    }
    void fill(Json& json, const MachineDecl& s) {
        json["name"] = s.name.text;
        if (s.is_host) json["host"] = true;
        put(json, "base", s.base);
        put(json, "doc", s.doc);
        json["body"] = list(s.body);
    }
    void fill(Json& json, const SchemaDecl& s) {
        json["name"] = s.name.text;
        put(json, "base", s.base);
        put(json, "doc", s.doc);
        json["fields"] = fields(s.fields);
        put(json, "annotations", s.annotations);
    }
    void fill(Json& json, const DeviceStmt& s) {
        json["type"] = s.type.text;
        put(json, "name", s.name);
        put(json, "doc", s.doc);
        json["body"] = list(s.body);
    }
    void fill(Json& json, const DeviceDecl& s) {
        fill_device(json, s,
                    {[this](const char* kind, Span span) { return start(kind, span); },
                     [this](const Expr& expr) { return node(expr); }, [this](const Stmt& stmt) { return node(stmt); },
                     [this](const TypeRef& type) { return type_json(type); },
                     [this](const std::vector<Parameter>& all) { return parameters(all); }});
    }
    void fill(Json& json, const EmitStmt& s) { put(json, "call", s.call); }
    void fill(Json& json, const RequireStmt& s) {
        put(json, "condition", s.condition);
        put(json, "message", s.message);
    }
    void fill(Json& json, const OnStmt& s) {
        json["event"] = s.event.text;
        put(json, "arguments", s.arguments);
        json["parameters"] = parameters(s.parameters);
        json["body"] = list(s.body);
    }
    void fill(Json& json, const TestStmt& s) {
        json["title"] = s.title;
        json["body"] = list(s.body);
    }
    void fill(Json&, const ErrorStmt&) {}

    const source::SourceMap& sources_;
    Places places_;
};

}  // namespace

std::string ast_json(const source::SourceMap& sources, const ast::Module& module, Places places) {
    return Writer(sources, places).module(module).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nyx::syntax

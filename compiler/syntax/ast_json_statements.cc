// Statements and declarations for ast_json().
#include "compiler/syntax/ast_writer.h"

namespace nyx::syntax {

using namespace ast;

void AstWriter::fill(Json& json, const ExprStmt& s) {
    put(json, "expr", s.expr);
}
void AstWriter::fill(Json& json, const LetStmt& s) {
    json["binding"] = s.binding == LetKind::kConst ? "const" : s.binding == LetKind::kLetMut ? "let mut" : "let";
    put(json, "names", s.names);
    put(json, "type", s.type);
    put(json, "value", s.value);
}
void AstWriter::fill(Json& json, const AssignStmt& s) {
    if (s.op) json["op"] = text_of(*s.op);
    put(json, "target", s.target);
    put(json, "value", s.value);
}
void AstWriter::fill(Json& json, const BlockStmt& s) {
    json["body"] = list(s.body);
}
void AstWriter::fill(Json& json, const IfStmt& s) {
    put(json, "condition", s.condition);
    json["then"] = list(s.then_body);
    put(json, "else", s.else_body);
}
void AstWriter::fill(Json& json, const WhileStmt& s) {
    put(json, "condition", s.condition);
    json["body"] = list(s.body);
}
void AstWriter::fill(Json& json, const ForStmt& s) {
    put(json, "init", s.init);
    put(json, "condition", s.condition);
    put(json, "step", s.step);
    json["body"] = list(s.body);
}
void AstWriter::fill(Json& json, const ForInStmt& s) {
    put(json, "names", s.names);
    put(json, "iterable", s.iterable);
    json["body"] = list(s.body);
}
void AstWriter::fill(Json& json, const SwitchStmt& s) {
    put(json, "subject", s.subject);
    json["cases"] = Json::array();
    for (const SwitchCase& one : s.cases)
        json["cases"].push_back({{"values", list(one.values)}, {"body", list(one.body)}});
}
void AstWriter::fill(Json& json, const MatchStmt& s) {
    put(json, "subject", s.subject);
    json["arms"] = Json::array();
    for (const MatchArm& arm : s.arms) {
        Json one = {{"patterns", list(arm.patterns)}};
        put(one, "guard", arm.guard);
        one["body"] = list(arm.body);
        json["arms"].push_back(one);
    }
}
void AstWriter::fill(Json&, const BreakStmt&) {}
void AstWriter::fill(Json&, const ContinueStmt&) {}
void AstWriter::fill(Json& json, const ReturnStmt& s) {
    put(json, "value", s.value);
}
void AstWriter::fill(Json& json, const TryStmt& s) {
    json["body"] = list(s.body);
    put(json, "name", s.catch_name);
    if (s.has_catch) json["catch"] = list(s.catch_body);
    put(json, "finally", s.finally_body);
}
void AstWriter::fill(Json& json, const ThrowStmt& s) {
    put(json, "value", s.value);
}
void AstWriter::fill(Json& json, const AssertStmt& s) {
    put(json, "condition", s.condition);
    put(json, "message", s.message);
}
void AstWriter::fill(Json&, const PassStmt&) {}
void AstWriter::fill(Json& json, const FnDecl& s) {
    json["name"] = s.name.text;
    put(json, "doc", s.doc);
    json["fn"] = fn_json(s.fn);
}
void AstWriter::fill(Json& json, const ClassDecl& s) {
    json["name"] = s.name.text;
    put(json, "base", s.base);
    put(json, "doc", s.doc);
    json["fields"] = fields(s.fields);
    json["methods"] = Json::array();
    for (const auto& method : s.methods) json["methods"].push_back(node(*method));
}
void AstWriter::fill(Json& json, const ModuleDecl& s) {
    json["name"] = s.name.text;
    put(json, "doc", s.doc);
    json["body"] = list(s.body);
}
void AstWriter::fill(Json& json, const ImportStmt& s) {
    json["path"] = s.path.text;
    put(json, "names", s.names);
    put(json, "alias", s.alias);
}
void AstWriter::fill(Json& json, const TypeAliasStmt& s) {
    json["name"] = s.name.text;
    json["type"] = type_json(s.type);
}
void AstWriter::fill(Json& json, const MachineDecl& s) {
    json["name"] = s.name.text;
    if (s.is_host) json["host"] = true;
    put(json, "base", s.base);
    put(json, "doc", s.doc);
    json["body"] = list(s.body);
}
void AstWriter::fill(Json& json, const SchemaDecl& s) {
    json["name"] = s.name.text;
    put(json, "base", s.base);
    put(json, "doc", s.doc);
    json["fields"] = fields(s.fields);
    put(json, "annotations", s.annotations);
}
void AstWriter::fill(Json& json, const DeviceStmt& s) {
    json["type"] = s.type.text;
    put(json, "name", s.name);
    put(json, "doc", s.doc);
    json["body"] = list(s.body);
}
void AstWriter::fill(Json& json, const EmitStmt& s) {
    put(json, "call", s.call);
}
void AstWriter::fill(Json& json, const RequireStmt& s) {
    put(json, "condition", s.condition);
    put(json, "message", s.message);
}
void AstWriter::fill(Json& json, const OnStmt& s) {
    json["event"] = s.event.text;
    put(json, "arguments", s.arguments);
    json["parameters"] = parameters(s.parameters);
    json["body"] = list(s.body);
}
void AstWriter::fill(Json& json, const TestStmt& s) {
    json["title"] = s.title;
    json["body"] = list(s.body);
}
void AstWriter::fill(Json&, const ErrorStmt&) {}

}  // namespace nyx::syntax

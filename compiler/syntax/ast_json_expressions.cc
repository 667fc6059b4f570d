// Expressions for ast_json().
#include "compiler/syntax/ast_writer.h"

namespace nyx::syntax {

using namespace ast;

namespace {

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

}  // namespace

const char* text_of(BinaryOp op) {
    constexpr const char* kText[] = {"+",  "-",  "*", "/",  "//", "%",  "**", "&",      "|",  "^",  "<<", ">>",
                                     "==", "!=", "<", "<=", ">",  ">=", "in", "not in", "&&", "||", "??", ".."};
    static_assert(std::size(kText) == static_cast<std::size_t>(BinaryOp::kRange) + 1);
    return kText[static_cast<std::size_t>(op)];
}

void AstWriter::fill(Json&, const NullLiteral&) {}
void AstWriter::fill(Json& json, const BoolLiteral& e) {
    json["value"] = e.value;
}
void AstWriter::fill(Json& json, const IntLiteral& e) {
    json["value"] = e.value;
}
void AstWriter::fill(Json& json, const FloatLiteral& e) {
    json["value"] = e.value;
}
void AstWriter::fill(Json& json, const Quantity& e) {
    put(json, "number", e.number);
    json["unit"] = e.unit.text;
}
void AstWriter::fill(Json& json, const StringLiteral& e) {
    json["value"] = e.value;
}
void AstWriter::fill(Json& json, const InterpolatedString& e) {
    json["literals"] = e.literals;
    json["values"] = list(e.values);
    json["formats"] = e.formats;
}
void AstWriter::fill(Json& json, const NameExpr& e) {
    json["name"] = e.name;
}
void AstWriter::fill(Json&, const SuperExpr&) {}
void AstWriter::fill(Json& json, const ArrayExpr& e) {
    json["elements"] = list(e.elements);
}
void AstWriter::fill(Json& json, const TupleExpr& e) {
    json["elements"] = list(e.elements);
}
void AstWriter::fill(Json& json, const MapExpr& e) {
    json["entries"] = Json::array();
    for (const MapEntry& entry : e.entries) {
        Json one = Json::object();
        put(one, "key", entry.key);
        put(one, "value", entry.value);
        json["entries"].push_back(one);
    }
}
void AstWriter::fill(Json& json, const Comprehension& e) {
    put(json, "element", e.element);
    put(json, "names", e.names);
    put(json, "iterable", e.iterable);
    put(json, "condition", e.condition);
}
void AstWriter::fill(Json& json, const UnaryExpr& e) {
    json["op"] = text_of(e.op);
    put(json, "operand", e.operand);
}
void AstWriter::fill(Json& json, const BinaryExpr& e) {
    json["op"] = text_of(e.op);
    put(json, "left", e.left);
    put(json, "right", e.right);
}
void AstWriter::fill(Json& json, const CallExpr& e) {
    put(json, "callee", e.callee);
    json["arguments"] = arguments(e.arguments);
}
void AstWriter::fill(Json& json, const IndexExpr& e) {
    put(json, "object", e.object);
    put(json, "index", e.index);
}
void AstWriter::fill(Json& json, const SliceExpr& e) {
    put(json, "object", e.object);
    put(json, "begin", e.begin);
    put(json, "end", e.end);
}
void AstWriter::fill(Json& json, const MemberExpr& e) {
    put(json, "object", e.object);
    json["member"] = e.member.text;
    if (e.optional) json["optional"] = true;
}
void AstWriter::fill(Json& json, const StepExpr& e) {
    json["op"] = e.increment ? "++" : "--";
    put(json, "target", e.target);
}
void AstWriter::fill(Json& json, const FnExpr& e) {
    json["fn"] = fn_json(e.fn);
}
void AstWriter::fill(Json&, const ErrorExpr&) {}

}  // namespace nyx::syntax

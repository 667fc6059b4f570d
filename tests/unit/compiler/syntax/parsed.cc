#include "parsed.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "compiler/syntax/parser.h"

namespace nyx::syntax {

using namespace ast;

Parsed::Parsed(std::string_view text) {
    file = sources.add("test.ny", std::string(text));
    module = parse(sources, file, sink);
}

std::vector<std::string> Parsed::mistakes() const {
    std::vector<std::string> out;
    for (const auto& d : sink.sorted()) {
        auto at = sources.position(file, d.primary.span.begin);
        out.push_back(fmt::format("{} {}:{}", diagnostics::code_text(d.code), at.line, at.column));
    }
    return out;
}

std::string Parsed::first_message() const {
    auto all = sink.sorted();
    return all.empty() ? std::string() : all.front().message;
}

namespace {

constexpr std::string_view kBinary[] = {"+",  "-",  "*", "/",  "//", "%",  "**", "&",      "|",  "^",  "<<", ">>",
                                        "==", "!=", "<", "<=", ">",  ">=", "in", "not in", "&&", "||", "??", ".."};
constexpr std::string_view kUnary[] = {"-", "!", "~"};

std::string list(const ExprList& items) {
    std::string out;
    for (const auto& item : items) out += (out.empty() ? "" : ", ") + shape(*item);
    return out;
}

std::string call(const CallExpr& node) {
    std::string out;
    for (const auto& a : node.arguments) {
        out += (out.empty() ? "" : ", ") + (a.name ? a.name->text + ": " : "") + shape(*a.value);
    }
    return shape(*node.callee) + "(" + out + ")";
}

std::string interpolated(const InterpolatedString& node) {
    std::string out = "`" + node.literals[0];
    for (std::size_t i = 0; i < node.values.size(); ++i) {
        out += "${" + shape(*node.values[i]) + (node.formats[i].empty() ? "" : ":" + node.formats[i]) + "}" +
               node.literals[i + 1];
    }
    return out + "`";
}

std::string map(const MapExpr& node) {
    std::string out;
    for (const auto& entry : node.entries)
        out += (out.empty() ? "" : ", ") + shape(*entry.key) + ": " + shape(*entry.value);
    return "{" + out + "}";
}

std::string comprehension(const Comprehension& node) {
    std::string names;
    for (const auto& name : node.names) names += (names.empty() ? "" : ", ") + name.text;
    std::string condition = node.condition ? " if " + shape(*node.condition) : "";
    return fmt::format("[{} for {} in {}{}]", shape(*node.element), names, shape(*node.iterable), condition);
}

std::size_t depth_of(const Expr& expr) {
    if (const auto* b = try_as<BinaryExpr>(&expr)) return 1 + std::max(depth_of(*b->left), depth_of(*b->right));
    if (const auto* u = try_as<UnaryExpr>(&expr)) return 1 + depth_of(*u->operand);
    if (const auto* m = try_as<MemberExpr>(&expr)) return 1 + depth_of(*m->object);
    if (const auto* c = try_as<CallExpr>(&expr)) return 1 + depth_of(*c->callee);
    return 1;
}

}  // namespace

std::size_t Parsed::depth() const {
    std::size_t deepest = 0;
    for (const auto& s : module->body) {
        if (const auto* e = try_as<ExprStmt>(s.get())) deepest = std::max(deepest, 1 + depth_of(*e->expr));
    }
    return deepest;
}

std::string shape(const Expr& e) {
    switch (e.kind) {
        case ExprKind::kNullLiteral:
            return "null";
        case ExprKind::kBoolLiteral:
            return as<BoolLiteral>(e).value ? "true" : "false";
        case ExprKind::kIntLiteral:
            return fmt::format("{}", as<IntLiteral>(e).value);
        case ExprKind::kFloatLiteral:
            return fmt::format("{}f", as<FloatLiteral>(e).value);
        case ExprKind::kQuantity:
            return shape(*as<Quantity>(e).number) + " " + as<Quantity>(e).unit.text;
        case ExprKind::kStringLiteral:
            return "\"" + as<StringLiteral>(e).value + "\"";
        case ExprKind::kInterpolatedString:
            return interpolated(as<InterpolatedString>(e));
        case ExprKind::kNameExpr:
            return as<NameExpr>(e).name;
        case ExprKind::kSuperExpr:
            return "super";
        case ExprKind::kArrayExpr:
            return "[" + list(as<ArrayExpr>(e).elements) + "]";
        case ExprKind::kTupleExpr:
            return "<" + list(as<TupleExpr>(e).elements) + ">";
        case ExprKind::kMapExpr:
            return map(as<MapExpr>(e));
        case ExprKind::kComprehension:
            return comprehension(as<Comprehension>(e));
        case ExprKind::kUnaryExpr:
            return fmt::format("({}{})", kUnary[static_cast<int>(as<UnaryExpr>(e).op)],
                               shape(*as<UnaryExpr>(e).operand));
        case ExprKind::kBinaryExpr: {
            const auto& b = as<BinaryExpr>(e);
            return fmt::format("({} {} {})", shape(*b.left), kBinary[static_cast<int>(b.op)], shape(*b.right));
        }
        case ExprKind::kCallExpr:
            return call(as<CallExpr>(e));
        case ExprKind::kIndexExpr:
            return shape(*as<IndexExpr>(e).object) + "[" + shape(*as<IndexExpr>(e).index) + "]";
        case ExprKind::kSliceExpr: {
            const auto& s = as<SliceExpr>(e);
            return fmt::format("{}[{}:{}]", shape(*s.object), s.begin ? shape(*s.begin) : "",
                               s.end ? shape(*s.end) : "");
        }
        case ExprKind::kMemberExpr: {
            const auto& m = as<MemberExpr>(e);
            return shape(*m.object) + (m.optional ? "?." : ".") + m.member.text;
        }
        case ExprKind::kStepExpr:
            return shape(*as<StepExpr>(e).target) + (as<StepExpr>(e).increment ? "++" : "--");
        case ExprKind::kFnExpr:
            return fmt::format("fn/{}", as<FnExpr>(e).fn.parameters.size());
        case ExprKind::kErrorExpr:
            return "ERROR";
    }
    return "?";
}

std::string shape(std::string_view text) {
    Parsed parsed(fmt::format("x = {}", text));
    if (parsed.sink.has_errors()) return parsed.mistakes().front() + " " + parsed.first_message();
    if (parsed.module->body.size() != 1) return "several statements";
    return shape(*as<AssignStmt>(*parsed.module->body[0]).value);
}

std::vector<std::string> corpus_files() {
    std::vector<std::string> out;
    for (std::string_view folder : {"tests/corpus", "stdlib", "examples"}) {
        std::filesystem::path top = std::filesystem::path(NYX_SOURCE_DIR) / folder;
        if (!std::filesystem::exists(top)) continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(top)) {
            if (entry.path().extension() == ".ny") out.push_back(entry.path().string());
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace nyx::syntax

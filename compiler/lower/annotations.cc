// Type annotations: checked here where a literal stands against one, and by an instruction when the script runs.
#include <algorithm>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/lower/lowerer.h"
#include "compiler/syntax/keywords.h"

namespace nyx::lower {

using diagnostics::Code;
using script::Type;
using script::TypeDesc;
using script::TypeKind;

namespace {

constexpr std::pair<std::string_view, Type> kBasic[] = {
    {"bool", Type::kBool},
    {"int", Type::kInt},
    {"float", Type::kFloat},
    {"double", Type::kFloat},
    {"string", Type::kString},
    {"str", Type::kString},
    {"array", Type::kArray},
    {"list", Type::kArray},
    {"map", Type::kMap},
    {"dict", Type::kMap},
    {"tuple", Type::kTuple},
    {"range", Type::kRange},
    {"size", Type::kSize},
    {"time", Type::kTime},
    {"duration", Type::kTime},
    {"rate", Type::kRate},
    {"frequency", Type::kFrequency},
    {"null", Type::kNull},
    {"void", Type::kNull},
    {"error", Type::kError},
};

struct IntegerType {
    std::string_view name;
    std::int64_t low;
    std::int64_t high;
};
// u64 is a pattern of 64 bits, as literals are.
constexpr IntegerType kIntegers[] = {
    {"u8", 0, UINT8_MAX},          {"u16", 0, UINT16_MAX},        {"u32", 0, UINT32_MAX},
    {"u64", INT64_MIN, INT64_MAX}, {"i8", INT8_MIN, INT8_MAX},    {"i16", INT16_MIN, INT16_MAX},
    {"i32", INT32_MIN, INT32_MAX}, {"i64", INT64_MIN, INT64_MAX},
};

constexpr std::string_view kAny[] = {"any", "object", "dynamic"};

std::optional<Type> basic_type(std::string_view name) {
    for (const auto& [known, type] : kBasic) {
        if (known == name) return type;
    }
    return std::nullopt;
}

const IntegerType* integer_type(std::string_view name) {
    for (const IntegerType& type : kIntegers) {
        if (type.name == name) return &type;
    }
    return nullptr;
}

// 5 or -5; nothing for what is not a number.
std::optional<std::int64_t> literal_integer(const ast::Expr& value) {
    if (const auto* literal = ast::try_as<ast::IntLiteral>(&value)) return literal->value;
    const auto* unary = ast::try_as<ast::UnaryExpr>(&value);
    bool minus = unary && unary->op == ast::UnaryOp::kNegate;
    const auto* literal = minus ? ast::try_as<ast::IntLiteral>(unary->operand.get()) : nullptr;
    return literal ? std::optional(-literal->value) : std::nullopt;
}

// The type that a literal has for certain.
std::optional<Type> literal_type(const ast::Expr& value) {
    switch (value.kind) {
        case ast::ExprKind::kNullLiteral:
            return Type::kNull;
        case ast::ExprKind::kBoolLiteral:
            return Type::kBool;
        case ast::ExprKind::kIntLiteral:
            return Type::kInt;
        case ast::ExprKind::kUnaryExpr:
            return literal_integer(value) ? std::optional(Type::kInt) : std::nullopt;
        case ast::ExprKind::kFloatLiteral:
            return Type::kFloat;
        case ast::ExprKind::kStringLiteral:
        case ast::ExprKind::kInterpolatedString:
            return Type::kString;
        case ast::ExprKind::kArrayExpr:
        case ast::ExprKind::kComprehension:
            return Type::kArray;
        case ast::ExprKind::kMapExpr:
            return Type::kMap;
        case ast::ExprKind::kTupleExpr:
            return Type::kTuple;
        default:
            return std::nullopt;
    }
}

}  // namespace

const ast::TypeRef& Lowerer::unaliased(const ast::TypeRef& ref) const {
    const ast::TypeRef* at = &ref;
    for (int steps = 0; steps < 20; ++steps) {
        const ast::TypeRef* next = nullptr;
        for (const ModuleScope* scope = scope_; scope && !next; scope = scope->parent) {
            if (auto found = scope->aliases.find(at->name); found != scope->aliases.end()) next = found->second;
            for (const ModuleScope* import : scope->imports) {
                if (auto found = import->aliases.find(at->name); !next && found != import->aliases.end())
                    next = found->second;
            }
        }
        if (!next) return *at;
        at = next;
    }
    return *at;
}

bool Lowerer::known_class(const std::string& name) const {
    if (name == "machine") return true;
    for (const FunctionState* at = fn_; at; at = at->parent()) {
        if (const_cast<FunctionState*>(at)->find(name)) return true;
    }
    std::size_t dot = name.rfind('.');
    if (dot == std::string::npos) return find_name(*scope_, name) != nullptr;
    const ModuleName* outer = find_name(*scope_, name.substr(0, dot));
    return outer && outer->module && outer->module->names.contains(name.substr(dot + 1));
}

std::uint32_t Lowerer::type(const ast::TypeRef& written) {
    const ast::TypeRef& ref = unaliased(written);
    TypeDesc desc;
    desc.nullable = ref.nullable || written.nullable;
    desc.text = ref.name + (desc.nullable ? "?" : "");
    if (++type_depth_ < 50) {
        if (ref.name != "fn") {
            for (const ast::TypeRef& parameter : ref.parameters) desc.parameters.push_back(type(parameter));
        }
    }
    --type_depth_;
    if (auto basic = basic_type(ref.name)) {
        desc.kind = TypeKind::kBasic;
        desc.basic = *basic;
        desc.nullable = desc.nullable || *basic == Type::kNull;
    } else if (const IntegerType* integer = integer_type(ref.name)) {
        desc.kind = TypeKind::kInteger;
        desc.low = integer->low;
        desc.high = integer->high;
    } else if (ref.name == "number") {
        desc.kind = TypeKind::kNumber;
    } else if (ref.name == "fn" || ref.name == "function") {
        desc.kind = TypeKind::kFunction;
    } else if (std::find(std::begin(kAny), std::end(kAny), ref.name) == std::end(kAny)) {
        desc.kind = TypeKind::kNamed;
        std::size_t dot = ref.name.rfind('.');
        desc.text = dot == std::string::npos ? ref.name : ref.name.substr(dot + 1);
        if (!known_class(ref.name)) {
            std::vector<std::string> known = names_in_reach();
            for (const auto& [basic_name, unused] : kBasic) known.emplace_back(basic_name);
            auto& finding = report(Code::kUnknownType, ref.span, fmt::format("there is no type `{}`", ref.name));
            std::string_view other = syntax::type_meant(ref.name);
            auto meant = other.empty() ? diagnostics::did_you_mean(ref.name, known) : std::string(other);
            if (meant)
                finding.help(fmt::format("did you mean `{}`?", *meant))
                    .fix(fmt::format("change it to `{}`", *meant), diagnostics::Applicability::kMaybeIncorrect,
                         ref.span, *meant);
            desc.kind = TypeKind::kAny;
        }
    }
    return Tables::add(tables_.program().types, std::move(desc));
}

std::uint32_t Lowerer::type_check(const ast::TypeRef& ref, const std::string& subject) {
    std::uint32_t index = type(ref);
    return Tables::add(tables_.program().checks, {index, subject});
}

void Lowerer::check_literal(const ast::TypeRef& written, const ast::Expr& value, const std::string& subject) {
    const ast::TypeRef& ref = unaliased(written);
    auto given = literal_type(value);
    auto wanted = basic_type(ref.name);
    const IntegerType* integer = integer_type(ref.name);
    if (!given || (!wanted && !integer)) return;
    if (*given == Type::kNull && (ref.nullable || written.nullable)) return;
    bool widened = *given == Type::kInt && wanted && (*wanted == Type::kFloat || *wanted == Type::kSize);
    if (integer && *given == Type::kInt) {
        std::int64_t number = *literal_integer(value);
        if (number >= integer->low && number <= integer->high) return;
        report(Code::kTypeMismatch, value.span,
               fmt::format("{} is {}, and {} does not fit", subject, ref.name, number));
        return;
    }
    if (widened || (wanted && *wanted == *given)) return;
    report(Code::kTypeMismatch, value.span,
           fmt::format("{} is {}, and this is {}", subject, ref.name, script::type_name(*given)))
        .label(written.span, "declared here");
}

}  // namespace nyx::lower

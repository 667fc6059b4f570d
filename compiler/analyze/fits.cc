#include "compiler/analyze/fits.h"

namespace nyx::analyze {

namespace {

Fit class_fits(const Model::Data& data, Type value, Type wanted) {
    const TypeTable& types = data.types;
    if (types.kind(value) != TypeKind::kInstance) return Fit::kNever;
    const Symbol& given = data.symbols[types.data(value).detail];
    const Symbol& asked = data.symbols[types.data(wanted).detail];
    if (data.derives(given.entry, asked.entry) || given.name == asked.name) return Fit::kAlways;
    // An object of a derived class may be meant; of an unknown base nothing is sure.
    if (data.derives(asked.entry, given.entry) || data.is_open(given.entry)) return Fit::kPerhaps;
    // Classes are told apart by name when the program runs.
    for (std::uint32_t at = given.entry; at != kNone; at = data.classes[at].base) {
        if (data.symbols[data.classes[at].symbol].name == asked.name) return Fit::kPerhaps;
    }
    return data.classes[given.entry].derived.empty() ? Fit::kNever : Fit::kPerhaps;
}

bool is_callable(TypeKind kind) {
    return kind == TypeKind::kFunction || kind == TypeKind::kClass;
}

Fit plain_fits(const Model::Data& data, Type value, Type wanted) {
    TypeKind given = data.types.kind(value);
    TypeKind asked = data.types.kind(wanted);
    switch (asked) {
        case TypeKind::kInt: {
            bool same = data.types.data(wanted).detail == 0 || value.index() == wanted.index();
            if (given == TypeKind::kNumber) return Fit::kPerhaps;
            return given != TypeKind::kInt ? Fit::kNever : same ? Fit::kAlways : Fit::kPerhaps;
        }
        case TypeKind::kFloat:
        case TypeKind::kNumber:
            return given == TypeKind::kInt || given == TypeKind::kFloat || given == TypeKind::kNumber ? Fit::kAlways
                                                                                                      : Fit::kNever;
        case TypeKind::kSize:
            if (given == TypeKind::kNumber) return Fit::kPerhaps;
            return given == TypeKind::kSize || given == TypeKind::kInt ? Fit::kAlways : Fit::kNever;
        case TypeKind::kFunction:
            return is_callable(given) ? Fit::kAlways : Fit::kNever;
        case TypeKind::kInstance:
            return class_fits(data, value, wanted);
        default:
            return given == asked ? Fit::kAlways : Fit::kNever;
    }
}

bool is_open_type(const TypeTable& types, Type type) {
    TypeKind kind = types.kind(type);
    return kind == TypeKind::kUnknown || kind == TypeKind::kNothing;
}

}  // namespace

Fit fits(const Model::Data& data, Type value, Type wanted) {
    const TypeTable& types = data.types;
    if (is_open_type(types, value) || is_open_type(types, wanted)) return Fit::kPerhaps;
    if (value.is_guess() || wanted.is_guess()) return Fit::kPerhaps;
    bool takes_null = types.kind(wanted) == TypeKind::kNullable || types.kind(wanted) == TypeKind::kNull;
    // A variable that was only null so far may have got a value that nobody saw.
    if (types.kind(value) == TypeKind::kNull) return takes_null ? Fit::kAlways : Fit::kPerhaps;
    Type inner = types.without_null(wanted);
    if (types.kind(value) == TypeKind::kNullable) {
        Fit fit = fits(data, types.data(value).parts[0], inner);
        if (fit == Fit::kNever) return takes_null ? Fit::kPerhaps : Fit::kNever;
        return takes_null ? fit : Fit::kPerhaps;
    }
    return plain_fits(data, value, inner);
}

std::optional<Misfit> find_misfit(const Model::Data& data, const ast::Expr& node, Type value, Type wanted) {
    if (fits(data, value, wanted) == Fit::kNever) return Misfit{node.span, wanted, value, false};
    const auto* list = ast::try_as<ast::ArrayExpr>(&node);
    Type inner = data.types.without_null(wanted);
    if (!list || data.types.kind(inner) != TypeKind::kArray) return std::nullopt;
    Type element = data.types.data(inner).parts[0];
    for (const ast::ExprPtr& one : list->elements) {
        TypeKind kind = TypeKind::kUnknown;
        if (one->kind == ast::ExprKind::kStringLiteral) kind = TypeKind::kString;
        if (one->kind == ast::ExprKind::kIntLiteral) kind = TypeKind::kInt;
        if (one->kind == ast::ExprKind::kBoolLiteral) kind = TypeKind::kBool;
        Type given = data.types.basic(kind);
        if (fits(data, given, element) == Fit::kNever) return Misfit{one->span, element, given, true};
    }
    return std::nullopt;
}

}  // namespace nyx::analyze

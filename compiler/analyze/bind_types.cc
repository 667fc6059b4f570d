// What annotations mean.
#include "compiler/analyze/bind.h"

namespace nyx::analyze {

namespace {

constexpr std::pair<std::string_view, TypeKind> kBasic[] = {
    {"bool", TypeKind::kBool},           {"float", TypeKind::kFloat}, {"double", TypeKind::kFloat},
    {"string", TypeKind::kString},       {"str", TypeKind::kString},  {"range", TypeKind::kRange},
    {"size", TypeKind::kSize},           {"time", TypeKind::kTime},   {"duration", TypeKind::kTime},
    {"rate", TypeKind::kRate},           {"null", TypeKind::kNull},   {"void", TypeKind::kNull},
    {"frequency", TypeKind::kFrequency}, {"error", TypeKind::kError}, {"number", TypeKind::kNumber},
    {"machine", TypeKind::kMachine},
};

constexpr std::pair<std::string_view, IntWidth> kIntegers[] = {
    {"int", IntWidth::kInt}, {"u8", IntWidth::kU8},   {"u16", IntWidth::kU16},
    {"u32", IntWidth::kU32}, {"u64", IntWidth::kU64}, {"i8", IntWidth::kI8},
    {"i16", IntWidth::kI16}, {"i32", IntWidth::kI32}, {"i64", IntWidth::kI64},
};

}  // namespace

Type Binder::type(const ast::TypeRef& ref, int depth) {
    if (depth > 20) return {};
    Type result = named_type(ref, depth);
    if (ref.nullable) result = data_.types.nullable(result);
    data_.annotations[&ref] = result;
    return result;
}

Type Binder::named_type(const ast::TypeRef& ref, int depth) {
    TypeTable& types = data_.types;
    const Span name{ref.span.file, ref.span.begin, ref.span.begin + static_cast<std::uint32_t>(ref.name.size())};
    for (std::uint32_t at = module_; at != kNone; at = data_.modules[at].parent) {
        auto find = [&](std::uint32_t module) -> const std::pair<SymbolId, const ast::TypeRef*>* {
            auto alias = data_.modules[module].aliases.find(ref.name);
            return alias == data_.modules[module].aliases.end() ? nullptr : &alias->second;
        };
        const auto* found = find(at);
        for (std::size_t i = 0; !found && i < data_.modules[at].imports.size(); ++i)
            found = find(data_.modules[at].imports[i]);
        if (!found) continue;
        auto [symbol, target] = *found;
        if (data_.sources->text(name) == ref.name) data_.refer(name, symbol);
        return type(*target, depth + 1);
    }
    std::vector<Type> parameters;
    for (const ast::TypeRef& parameter : ref.parameters) parameters.push_back(type(parameter, depth + 1));
    auto parameter = [&](std::size_t i) { return i < parameters.size() ? parameters[i] : Type(); };
    for (auto [text, kind] : kBasic) {
        if (text == ref.name) return types.basic(kind);
    }
    for (auto [text, width] : kIntegers) {
        if (text == ref.name) return types.integer(width);
    }
    if (ref.name == "array" || ref.name == "list") return types.array(parameter(0));
    if (ref.name == "map" || ref.name == "dict") return types.map(parameter(0), parameter(1));
    if (ref.name == "tuple") return parameters.empty() ? Type() : types.tuple(std::move(parameters));
    if (ref.name == "fn" || ref.name == "function") {
        Type result = ref.result ? type(*ref.result, depth + 1) : Type();
        return types.function(std::move(parameters), result);
    }
    SymbolId symbol = find_local(ref.name);
    if (symbol == kNoSymbol) symbol = find_dotted(ref.name);
    if (symbol == kNoSymbol) return {};
    if (data_.sources->text(name) == ref.name && ref.name.find('.') == std::string::npos) data_.refer(name, symbol);
    return data_.symbols[symbol].kind == SymbolKind::kClass ? types.instance(symbol) : Type();
}

}  // namespace nyx::analyze

// How functions are called, and how types are written.
#include <fmt/format.h>

#include "compiler/analyze/builtins.h"
#include "compiler/analyze/data.h"

namespace nyx::analyze {

namespace {

SignatureParameter parameter_of(const Model::Data& data, SymbolId symbol, const ast::Parameter* written) {
    SignatureParameter parameter;
    parameter.name = data.symbols[symbol].name;
    parameter.type = data.symbols[symbol].type;
    parameter.symbol = symbol;
    if (written && written->default_value) {
        parameter.optional = true;
        parameter.default_span = written->default_value->span;
    }
    return parameter;
}

Signature signature_of(const Model::Data& data, const FunctionEntry& entry) {
    Signature signature;
    const Symbol& symbol = data.symbols[entry.symbol];
    signature.name = symbol.name;
    signature.doc = symbol.doc;
    signature.where = entry.where;
    signature.result = entry.result;
    signature.result_annotated = entry.annotated;
    std::size_t skipped = entry.body->parameters.size() - entry.parameters.size();
    for (std::size_t i = 0; i < entry.parameters.size(); ++i)
        signature.parameters.push_back(parameter_of(data, entry.parameters[i], &entry.body->parameters[i + skipped]));
    return signature;
}

// A class of fields without `init` takes them as arguments, all optional.
Signature construction(const Model::Data& data, std::uint32_t index) {
    const ClassEntry& entry = data.classes[index];
    Signature signature;
    SymbolId init = data.method(index, "init");
    if (init != kNoSymbol && data.symbols[init].entry != kNoSymbol) {
        signature = signature_of(data, data.functions[data.symbols[init].entry]);
    } else if (init == kNoSymbol) {
        std::uint32_t root = index;
        while (data.classes[root].base != kNone) root = data.classes[root].base;
        for (const ast::FieldDecl& field : data.classes[root].decl->fields) {
            SymbolId id = data.bound_to(&field.name);
            if (id == kNoSymbol) continue;
            signature.parameters.push_back(parameter_of(data, id, nullptr));
            signature.parameters.back().optional = true;
            if (field.value) signature.parameters.back().default_span = field.value->span;
        }
    }
    const Symbol& symbol = data.symbols[entry.symbol];
    signature.name = symbol.name;
    if (!symbol.doc.empty()) signature.doc = symbol.doc;
    if (!signature.where.known()) signature.where = symbol.name_span;
    signature.result = const_cast<TypeTable&>(data.types).instance(entry.symbol);
    signature.result_annotated = false;
    return signature;
}

}  // namespace

std::optional<Signature> Model::Data::signature(SymbolId callee) const {
    if (callee == kNoSymbol) return std::nullopt;
    const Symbol& symbol = symbols[callee];
    if (symbol.kind == SymbolKind::kBuiltin) return builtin_signature(*this, callee, false);
    if (symbol.entry == kNoSymbol) return std::nullopt;
    if (symbol.kind == SymbolKind::kClass) return construction(*this, symbol.entry);
    if (symbol.kind != SymbolKind::kFunction && symbol.kind != SymbolKind::kMethod) return std::nullopt;
    return signature_of(*this, functions[symbol.entry]);
}

namespace {

std::string function_text(const Model::Data& data, const TypeData& type, int depth) {
    std::string out = "fn(";
    std::string result;
    if (type.detail == kNoSymbol) {
        for (std::size_t i = 0; i + 1 < type.parts.size(); ++i)
            out += (i == 0 ? "" : ", ") + data.text(type.parts[i], depth + 1);
        if (!type.parts.empty() && !data.types.is_unknown(type.parts.back()))
            result = data.text(type.parts.back(), depth + 1);
    } else if (auto signature = data.signature(type.detail)) {
        for (const SignatureParameter& parameter : signature->parameters) {
            if (!out.ends_with('(')) out += ", ";
            out += parameter.name;
            if (parameter.optional && !parameter.variadic) out += "?";
            if (!data.types.is_unknown(parameter.type)) out += ": " + data.text(parameter.type, depth + 1);
        }
        TypeKind kind = data.types.kind(signature->result);
        if (kind != TypeKind::kUnknown && kind != TypeKind::kNothing) result = data.text(signature->result, depth + 1);
    }
    out += ")";
    return result.empty() ? out : out + " -> " + result;
}

}  // namespace

std::string Model::Data::text(Type type, int depth) const {
    const TypeData& data = types.data(type);
    constexpr std::string_view kNames[] = {"unknown",   "unknown", "null",  "bool",  "int",
                                           "float",     "number",  "size",  "time",  "rate",
                                           "frequency", "string",  "range", "error", "machine"};
    constexpr std::string_view kWidths[] = {"int", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"};
    if (depth > 3) return "…";
    auto part = [&](std::size_t i) { return text(data.parts[i], depth + 1); };
    switch (data.kind) {
        case TypeKind::kInt:
            return std::string(kWidths[data.detail]);
        case TypeKind::kArray:
            return types.is_unknown(data.parts[0]) || types.is_nothing(data.parts[0])
                       ? "array"
                       : fmt::format("array<{}>", part(0));
        case TypeKind::kMap: {
            bool plain = types.is_unknown(data.parts[0]) && types.is_unknown(data.parts[1]);
            plain = plain || types.is_nothing(data.parts[0]);
            return plain ? "map" : fmt::format("map<{}, {}>", part(0), part(1));
        }
        case TypeKind::kTuple: {
            std::string out = "(";
            for (std::size_t i = 0; i < data.parts.size(); ++i) out += (i == 0 ? "" : ", ") + part(i);
            return out + ")";
        }
        case TypeKind::kFunction:
            return function_text(*this, data, depth);
        case TypeKind::kClass:
            return fmt::format("class {}", symbols[data.detail].name);
        case TypeKind::kInstance:
            return symbols[data.detail].name;
        case TypeKind::kModule:
            return fmt::format("module {}", symbols[data.detail].name);
        case TypeKind::kNullable:
            return part(0) + "?";
        default:
            return std::string(kNames[static_cast<std::size_t>(data.kind)]);
    }
}

}  // namespace nyx::analyze

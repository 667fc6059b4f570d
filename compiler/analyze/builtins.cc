#include "compiler/analyze/builtins.h"

#include <algorithm>

namespace nyx::analyze {

namespace {

struct Row {
    std::string_view name;
    std::string_view parameters;
    std::string_view result;
    std::string_view doc;
};

constexpr Row kRows[] = {
#define NYX_BUILTIN(name, parameters, result, doc) {name, parameters, result, doc},
#include "compiler/analyze/builtins.def"
};

const Row* row_of(std::string_view name) {
    const auto* found =
        std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& row) { return row.name == name; });
    return found == std::end(kRows) ? nullptr : found;
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

// The parts between commas that stand in no `<…>`.
std::vector<std::string_view> parts_of(std::string_view text) {
    std::vector<std::string_view> parts;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && text[i] == '<') ++depth;
        if (i < text.size() && text[i] == '>') --depth;
        if (i < text.size() && (text[i] != ',' || depth != 0)) continue;
        if (std::string_view part = trimmed(text.substr(begin, i - begin)); !part.empty()) parts.push_back(part);
        begin = i + 1;
    }
    return parts;
}

// A type as builtins.def writes it. first: the type of the first argument.
Type type_of(TypeTable& types, std::string_view text, Type first) {
    const TypeData& data = types.data(first);
    Type element;
    if (data.kind == TypeKind::kArray) element = data.parts[0];
    if (data.kind == TypeKind::kRange) element = types.basic(TypeKind::kInt);
    if (data.kind == TypeKind::kString) element = types.basic(TypeKind::kString);
    bool map = data.kind == TypeKind::kMap;
    constexpr std::pair<std::string_view, TypeKind> kBasic[] = {
        {"null", TypeKind::kNull},   {"bool", TypeKind::kBool},       {"int", TypeKind::kInt},
        {"float", TypeKind::kFloat}, {"number", TypeKind::kNumber},   {"string", TypeKind::kString},
        {"range", TypeKind::kRange}, {"machine", TypeKind::kMachine},
    };
    for (auto [name, kind] : kBasic) {
        if (name == text) return types.basic(kind);
    }
    if (text == "self") return first;
    if (text == "T") return element.as_guess();
    if (text == "K") return map ? data.parts[0].as_guess() : Type();
    if (text == "V") return map ? data.parts[1].as_guess() : Type();
    if (text == "array") return types.array({});
    if (text == "map") return types.map({}, {});
    if (text.starts_with("array<")) return types.array(type_of(types, text.substr(6, text.size() - 7), first));
    return {};
}

// `name`, `name?`, with or without a type; "name =" is how runtime/script writes that it may be left out.
SignatureParameter parameter_of(TypeTable& types, std::string_view text) {
    SignatureParameter parameter;
    if (text == "...") {
        parameter.name = "...";
        parameter.variadic = true;
        parameter.optional = true;
        return parameter;
    }
    std::size_t colon = text.find(':');
    std::string_view name = trimmed(text.substr(0, colon));
    if (colon != std::string_view::npos) parameter.type = type_of(types, trimmed(text.substr(colon + 1)), {});
    if (name.ends_with('?') || name.ends_with('=')) {
        parameter.optional = true;
        name = trimmed(name.substr(0, name.size() - 1));
    }
    parameter.name = name;
    return parameter;
}

std::optional<script::Type> run_time_type(TypeKind kind) {
    switch (kind) {
        case TypeKind::kNull:
            return script::Type::kNull;
        case TypeKind::kBool:
            return script::Type::kBool;
        case TypeKind::kInt:
        case TypeKind::kNumber:
            return script::Type::kInt;
        case TypeKind::kFloat:
            return script::Type::kFloat;
        case TypeKind::kSize:
            return script::Type::kSize;
        case TypeKind::kTime:
            return script::Type::kTime;
        case TypeKind::kRate:
            return script::Type::kRate;
        case TypeKind::kFrequency:
            return script::Type::kFrequency;
        case TypeKind::kString:
            return script::Type::kString;
        case TypeKind::kRange:
            return script::Type::kRange;
        case TypeKind::kError:
            return script::Type::kError;
        case TypeKind::kMachine:
            return script::Type::kHostObject;
        case TypeKind::kArray:
            return script::Type::kArray;
        case TypeKind::kMap:
            return script::Type::kMap;
        case TypeKind::kTuple:
            return script::Type::kTuple;
        case TypeKind::kFunction:
            return script::Type::kFunction;
        case TypeKind::kClass:
            return script::Type::kClass;
        case TypeKind::kInstance:
            return script::Type::kInstance;
        case TypeKind::kModule:
            return script::Type::kModule;
        default:
            return std::nullopt;
    }
}

}  // namespace

void add_builtins(Model::Data& data) {
    for (const script::NativeSpec& native : script::standard_natives().all()) {
        BuiltinEntry& entry = data.builtin_entries.emplace_back();
        entry.native = &native;
        const Row* row = row_of(native.name);
        entry.typed = row != nullptr;
        for (std::string_view part : parts_of(row ? row->parameters : native.parameters))
            entry.parameters.push_back(parameter_of(data.types, part));
        if (row) entry.result = row->result;
        Symbol symbol;
        symbol.kind = SymbolKind::kBuiltin;
        symbol.annotated = true;
        symbol.name = native.name;
        if (row) symbol.doc = row->doc;
        symbol.entry = static_cast<std::uint32_t>(data.builtin_entries.size() - 1);
        entry.symbol = data.add(std::move(symbol));
        data.symbols[entry.symbol].type = data.types.function(entry.symbol);
        data.builtins.push_back(entry.symbol);
        data.builtin_names.emplace(native.name, entry.symbol);
    }
}

bool is_free_builtin(const Model::Data& data, SymbolId symbol) {
    return data.builtin_entries[data.symbols[symbol].entry].native->free_function;
}

bool has_method(const TypeTable& types, Type receiver, const script::NativeSpec& native) {
    auto type = run_time_type(types.kind(types.without_null(receiver)));
    return type && (native.method_of & script::mask_of(*type)) != 0;
}

SymbolId builtin_method(const Model::Data& data, Type receiver, std::string_view name) {
    auto [begin, end] = data.builtin_names.equal_range(name);
    for (auto at = begin; at != end; ++at) {
        const BuiltinEntry& entry = data.builtin_entries[data.symbols[at->second].entry];
        if (has_method(data.types, receiver, *entry.native)) return at->second;
    }
    return kNoSymbol;
}

Type builtin_result(Model::Data& data, SymbolId symbol, Type first) {
    const BuiltinEntry& entry = data.builtin_entries[data.symbols[symbol].entry];
    return type_of(data.types, entry.result, data.types.without_null(first));
}

Signature builtin_signature(const Model::Data& data, SymbolId symbol, bool as_method) {
    const BuiltinEntry& entry = data.builtin_entries[data.symbols[symbol].entry];
    Signature signature;
    signature.name = data.symbols[symbol].name;
    signature.doc = data.symbols[symbol].doc;
    signature.parameters = entry.parameters;
    if (as_method && !signature.parameters.empty()) signature.parameters.erase(signature.parameters.begin());
    constexpr std::string_view kPlain[] = {"null", "bool", "int", "float", "number", "string", "range"};
    bool plain = std::find(std::begin(kPlain), std::end(kPlain), entry.result) != std::end(kPlain);
    if (plain) signature.result = type_of(const_cast<TypeTable&>(data.types), entry.result, {});
    return signature;
}

}  // namespace nyx::analyze

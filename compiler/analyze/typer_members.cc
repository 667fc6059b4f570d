#include "compiler/analyze/builtins.h"
#include "compiler/analyze/typer.h"

namespace nyx::analyze {

Type Typer::member(const ast::MemberExpr& node, bool called, Span failing) {
    Type object = expr(*node.object);
    Member found = find_member(object, node.member.text, called);
    if (found.symbol != kNoSymbol) refer(node.member.span, found.symbol);
    if (checking_ && found.symbol == kNoSymbol && is_certain_absence(object, node.member.text)) {
        Type inner = types_.without_null(object);
        TypeKind kind = types_.kind(inner);
        bool declared = kind == TypeKind::kInstance || kind == TypeKind::kClass;
        say_.unknown_member(node.member.span, text(inner), node.member.text,
                            declared ? data_.symbols[types_.data(inner).detail].name_span : Span{}, member_names(inner),
                            failing);
    }
    member_object_ = object;
    member_symbol_ = found.symbol;
    return node.optional ? types_.nullable(found.type) : found.type;
}

Typer::Member Typer::find_member(Type object, const std::string& name, bool called) {
    Type inner = types_.without_null(object);
    const TypeData& data = types_.data(inner);
    switch (data.kind) {
        case TypeKind::kNothing:
            return {inner, kNoSymbol};
        case TypeKind::kUnknown:
        case TypeKind::kNull:
        case TypeKind::kMachine:
            return {};
        case TypeKind::kInstance: {
            Member found = instance_member(data_.symbols[data.detail].entry, name, called);
            if (found.symbol != kNoSymbol) return {found.type.like(inner), found.symbol};
            break;
        }
        case TypeKind::kMap:
            if (!called) return {name == "length" ? Type() : data.parts[1].as_guess(), kNoSymbol};
            break;
        case TypeKind::kModule: {
            const auto& names = data_.modules[data_.symbols[data.detail].entry].names;
            auto found = names.find(name);
            if (found == names.end() || name.starts_with("_")) return {};
            return {read(found->second).like(inner), found->second};
        }
        case TypeKind::kClass: {
            if (name == "name") return {types_.basic(TypeKind::kString), kNoSymbol};
            SymbolId method = data_.method(data_.symbols[data.detail].entry, name);
            if (method != kNoSymbol) return {Type(), method};  // takes its object as the first argument
            break;
        }
        case TypeKind::kError:
            if (name == "message" || name == "kind") return {types_.basic(TypeKind::kString), kNoSymbol};
            break;
        default:
            break;
    }
    SymbolId method = builtin_method(data_, inner, name);
    if (method == kNoSymbol) return {};
    if (name == "length" && !called) return {types_.basic(TypeKind::kInt), method};
    // Read, it has its receiver already; which one, its type does not say.
    return {called ? types_.function(method).like(inner) : Type(), method};
}

// Called, a method comes first; read, a field that was set.
Typer::Member Typer::instance_member(std::uint32_t class_entry, const std::string& name, bool called) {
    SymbolId field = data_.field(class_entry, name);
    SymbolId method = data_.method(class_entry, name);
    if (method != kNoSymbol && (called || field == kNoSymbol)) return {types_.function(method), method};
    if (field == kNoSymbol) return {};
    return {method == kNoSymbol ? field_type(field) : Type(), field};
}

// It, a class derived from it, or whoever sets members of objects that are not known.
bool Typer::may_have(std::uint32_t class_entry, const std::string& name) {
    if (data_.is_open(class_entry)) return true;
    auto set = elsewhere_.find(name);
    if (set != elsewhere_.end() && !types_.is_nothing(data_.symbols[set->second].type)) return true;
    constexpr std::size_t kMostClasses = 200;
    std::vector<std::uint32_t> left = data_.classes[class_entry].derived;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const ClassEntry& entry = data_.classes[left[i]];
        if (i >= kMostClasses || entry.fields.contains(name) || entry.methods.contains(name)) return true;
        left.insert(left.end(), entry.derived.begin(), entry.derived.end());
    }
    return false;
}

bool Typer::is_certain_absence(Type object, const std::string& name) {
    Type inner = types_.without_null(object);
    if (inner.is_guess()) return false;
    switch (types_.kind(inner)) {
        case TypeKind::kUnknown:
        case TypeKind::kNothing:
        case TypeKind::kNull:
        case TypeKind::kNullable:
        case TypeKind::kMap:
        case TypeKind::kModule:  // lower has said so where the module is named
        case TypeKind::kMachine:
            return false;
        case TypeKind::kInstance:
            return !may_have(data_.symbols[types_.data(inner).detail].entry, name);
        case TypeKind::kClass:
            return name != "name" && !data_.is_open(data_.symbols[types_.data(inner).detail].entry);
        case TypeKind::kError:
            return name != "message" && name != "kind";
        default:
            return !(name == "length" && builtin_method(data_, inner, name) != kNoSymbol);
    }
}

std::vector<std::string> Typer::member_names(Type object) {
    std::vector<std::string> names;
    if (!say_.suggests()) return names;
    const TypeData& data = types_.data(object);
    bool classy = data.kind == TypeKind::kInstance || data.kind == TypeKind::kClass;
    std::uint32_t at = classy ? data_.symbols[data.detail].entry : kNone;
    for (int steps = 0; at != kNone && steps < 200; ++steps) {
        if (data.kind == TypeKind::kInstance) {
            for (const auto& [name, field] : data_.classes[at].fields) names.push_back(name);
        }
        for (const auto& [name, method] : data_.classes[at].methods) names.push_back(name);
        at = data_.classes[at].base;
    }
    for (const BuiltinEntry& entry : data_.builtin_entries) {
        if (has_method(types_, object, *entry.native)) names.emplace_back(entry.native->name);
    }
    return names;
}

}  // namespace nyx::analyze

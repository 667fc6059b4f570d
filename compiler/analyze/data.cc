#include "compiler/analyze/data.h"

#include <algorithm>
#include <tuple>

namespace nyx::analyze {

namespace {

constexpr int kMaxBases = 200;  // a longer line of classes is a circle

// Larger spans first, so that what is inside comes after what is around it.
auto nesting(std::uint32_t begin, std::uint32_t end) {
    return std::tuple(begin, 0xFFFFFFFF - end);
}

template <class T, class Begin, class End>
void link_parents(std::vector<T>& items, Begin begin, End end) {
    std::vector<std::uint32_t> open;
    for (std::uint32_t i = 0; i < items.size(); ++i) {
        while (!open.empty() && end(items[open.back()]) < end(items[i])) open.pop_back();
        while (!open.empty() && end(items[open.back()]) <= begin(items[i])) open.pop_back();
        items[i].parent = open.empty() ? kNone : open.back();
        open.push_back(i);
    }
}

}  // namespace

// ---- Classes --------------------------------------------------------------------------------------------------------

SymbolId Model::Data::field(std::uint32_t class_entry, const std::string& name) const {
    for (int steps = 0; class_entry != kNone && steps < kMaxBases; ++steps) {
        const ClassEntry& entry = classes[class_entry];
        if (auto found = entry.fields.find(name); found != entry.fields.end()) return found->second;
        class_entry = entry.base;
    }
    return kNoSymbol;
}

// Of one name in a line of classes there is one variable: the symbol in the topmost class.
SymbolId Model::Data::top_field(SymbolId field) const {
    const Symbol& symbol = symbols[field];
    if (symbol.kind != SymbolKind::kField || symbol.owner == kNoSymbol) return field;
    std::uint32_t at = symbols[symbol.owner].entry;
    SymbolId top = field;
    for (int steps = 0; at != kNone && steps < kMaxBases; ++steps) {
        const ClassEntry& entry = classes[at];
        if (auto found = entry.fields.find(symbol.name); found != entry.fields.end()) top = found->second;
        at = entry.base;
    }
    return top;
}

SymbolId Model::Data::method(std::uint32_t class_entry, const std::string& name) const {
    for (int steps = 0; class_entry != kNone && steps < kMaxBases; ++steps) {
        const ClassEntry& entry = classes[class_entry];
        if (auto found = entry.methods.find(name); found != entry.methods.end()) return found->second;
        class_entry = entry.base;
    }
    return kNoSymbol;
}

SymbolId Model::Data::member(std::uint32_t class_entry, const std::string& name) const {
    SymbolId found = field(class_entry, name);
    return found != kNoSymbol ? found : method(class_entry, name);
}

bool Model::Data::is_open(std::uint32_t class_entry) const {
    int steps = 0;
    for (; class_entry != kNone && steps < kMaxBases; ++steps) {
        if (classes[class_entry].base_unknown) return true;
        class_entry = classes[class_entry].base;
    }
    return steps == kMaxBases;
}

bool Model::Data::derives(std::uint32_t class_entry, std::uint32_t base) const {
    for (int steps = 0; class_entry != kNone && steps < kMaxBases; ++steps) {
        if (class_entry == base) return true;
        class_entry = classes[class_entry].base;
    }
    return false;
}

SymbolId Model::Data::schema_field(const std::string& schema, const std::string& name) const {
    std::string at = schema;
    for (int steps = 0; steps < kMaxBases; ++steps) {
        auto found = schema_names.find(at);
        if (found == schema_names.end()) return kNoSymbol;
        const SchemaEntry& entry = schemas[found->second];
        if (auto field = entry.fields.find(name); field != entry.fields.end()) {
            // `name = default` gives an inherited field another default; it is declared where it has its type.
            SymbolId inherited = entry.base.empty() ? kNoSymbol : schema_field(entry.base, name);
            return inherited != kNoSymbol ? inherited : field->second;
        }
        at = entry.base;
    }
    return kNoSymbol;
}

// ---- The end --------------------------------------------------------------------------------------------------------

void Model::Data::finish() {
    for (SymbolId id = 0; id < symbols.size(); ++id) {
        const Symbol& one = symbols[id];
        if (one.kind == SymbolKind::kField && top_field(id) != id) continue;  // the same variable as its base's
        if (one.owner != kNoSymbol) children.emplace_back(one.owner, id);
        if (one.name_span.known() && one.name_span.file < files.size() && one.name_span.begin != one.name_span.end)
            files[one.name_span.file].declarations.push_back(id);
    }
    std::sort(children.begin(), children.end());
    for (FileEntry& file : files) {
        for (Reference& one : file.references) one.symbol = top_field(one.symbol);
        std::sort(file.declarations.begin(), file.declarations.end(), [&](SymbolId a, SymbolId b) {
            return std::tuple(symbols[a].name_span.begin, a) < std::tuple(symbols[b].name_span.begin, b);
        });
        auto place = [](const Reference& r) {
            return std::tuple(r.span.begin, r.span.end, !r.is_declaration, r.symbol);
        };
        std::sort(file.references.begin(), file.references.end(),
                  [&](const Reference& a, const Reference& b) { return place(a) < place(b); });
        auto same = [](const Reference& a, const Reference& b) { return a.span == b.span; };
        file.references.erase(std::unique(file.references.begin(), file.references.end(), same), file.references.end());
        for (const Reference& one : file.references) by_symbol.emplace_back(one.symbol, one);
        std::sort(file.expressions.begin(), file.expressions.end(),
                  [](const auto& a, const auto& b) { return nesting(a.begin, a.end) < nesting(b.begin, b.end); });
        link_parents(file.expressions, [](const auto& e) { return e.begin; }, [](const auto& e) { return e.end; });
        std::sort(file.calls.begin(), file.calls.end(), [](const Call& a, const Call& b) {
            return nesting(a.span.begin, a.span.end) < nesting(b.span.begin, b.span.end);
        });
        link_parents(file.calls, [](const Call& c) { return c.span.begin; }, [](const Call& c) { return c.span.end; });
        file.expressions.shrink_to_fit();
        file.references.shrink_to_fit();
    }
    auto by_name = [](const std::pair<SymbolId, Reference>& one) {
        return std::tuple(one.first, one.second.span.file, one.second.span.begin);
    };
    std::sort(by_symbol.begin(), by_symbol.end(),
              [&](const auto& a, const auto& b) { return by_name(a) < by_name(b); });
    for (std::uint32_t i = 0; i < scopes.size(); ++i) {
        if (scopes[i].span.known() && scopes[i].span.file < files.size())
            files[scopes[i].span.file].scopes.push_back(i);
    }
    for (FileEntry& file : files) {
        auto order = [&](std::uint32_t i) { return std::tuple(nesting(scopes[i].span.begin, scopes[i].span.end), i); };
        std::sort(file.scopes.begin(), file.scopes.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return order(a) < order(b); });
    }
    auto place = [](const Span& s) { return std::tuple(s.file, s.begin, s.end); };
    std::sort(mistakes.begin(), mistakes.end(), [&](const Span& a, const Span& b) { return place(a) < place(b); });
}

}  // namespace nyx::analyze

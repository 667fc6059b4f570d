#include "compiler/analyze/model.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "compiler/analyze/builtins.h"
#include "compiler/analyze/data.h"

namespace nyx::analyze {

namespace {

// The last item that begins at or before the offset; size() where there is none.
template <class Items, class Begin>
std::size_t last_before(const Items& items, std::uint32_t offset, Begin begin) {
    auto after = std::upper_bound(items.begin(), items.end(), offset,
                                  [&](std::uint32_t at, const auto& item) { return at < begin(item); });
    return after == items.begin() ? items.size() : static_cast<std::size_t>(after - items.begin()) - 1;
}

}  // namespace

Model::Model() : data_(std::make_unique<Data>()) {}
Model::Model(std::unique_ptr<Data> data) : data_(std::move(data)) {}
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;
Model::~Model() = default;

std::string_view symbol_kind_text(SymbolKind kind) {
    constexpr std::string_view kTexts[] = {"variable", "constant", "parameter", "function",     "class",
                                           "field",    "method",   "module",    "import",       "type alias",
                                           "machine",  "device",   "schema",    "schema field", "built-in"};
    return kTexts[static_cast<std::size_t>(kind)];
}

// ---- Symbols --------------------------------------------------------------------------------------------------------

std::size_t Model::symbol_count() const {
    return data_->symbols.size();
}

const Symbol& Model::symbol(SymbolId id) const {
    return data_->symbols[id];
}

std::vector<SymbolId> Model::declared_in(std::uint32_t file) const {
    return file < data_->files.size() ? data_->files[file].declarations : std::vector<SymbolId>();
}

std::vector<SymbolId> Model::children(SymbolId id) const {
    const auto& all = data_->children;
    std::vector<SymbolId> found;
    auto at = std::lower_bound(all.begin(), all.end(), std::pair<SymbolId, SymbolId>(id, 0));
    for (; at != all.end() && at->first == id; ++at) found.push_back(at->second);
    return found;
}

std::optional<SymbolId> Model::base_of(SymbolId class_symbol) const {
    const Symbol& symbol = data_->symbols[class_symbol];
    if (symbol.kind != SymbolKind::kClass || symbol.entry == kNoSymbol) return std::nullopt;
    std::uint32_t base = data_->classes[symbol.entry].base;
    return base == kNone ? std::nullopt : std::optional(data_->classes[base].symbol);
}

std::optional<Signature> Model::signature(SymbolId callee) const {
    return data_->signature(callee);
}

// ---- Places ---------------------------------------------------------------------------------------------------------

const Reference* Model::reference_at(std::uint32_t file, std::uint32_t offset) const {
    if (file >= data_->files.size()) return nullptr;
    const auto& references = data_->files[file].references;
    std::size_t at = last_before(references, offset, [](const Reference& r) { return r.span.begin; });
    if (at == references.size() || references[at].span.end < offset) return nullptr;
    return &references[at];
}

SymbolId Model::symbol_at(std::uint32_t file, std::uint32_t offset) const {
    const Reference* found = reference_at(file, offset);
    return found ? found->symbol : kNoSymbol;
}

std::vector<Reference> Model::references(SymbolId id) const {
    const auto& all = data_->by_symbol;
    std::vector<Reference> found;
    auto at = std::lower_bound(all.begin(), all.end(), id,
                               [](const auto& one, SymbolId wanted) { return one.first < wanted; });
    for (; at != all.end() && at->first == id; ++at) found.push_back(at->second);
    return found;
}

std::span<const Reference> Model::references_in(std::uint32_t file) const {
    if (file >= data_->files.size()) return {};
    return data_->files[file].references;
}

std::optional<TypedSpan> Model::expression_at(std::uint32_t file, std::uint32_t offset) const {
    if (file >= data_->files.size()) return std::nullopt;
    const auto& expressions = data_->files[file].expressions;
    std::size_t at = last_before(expressions, offset, [](const ExpressionEntry& e) { return e.begin; });
    while (at < expressions.size() && expressions[at].end < offset) at = expressions[at].parent;
    if (at >= expressions.size()) return std::nullopt;
    return TypedSpan{{file, expressions[at].begin, expressions[at].end}, expressions[at].type};
}

std::vector<Span> Model::expressions_around(std::uint32_t file, std::uint32_t offset) const {
    std::vector<Span> found;
    if (file >= data_->files.size()) return found;
    const auto& expressions = data_->files[file].expressions;
    std::size_t at = last_before(expressions, offset, [](const ExpressionEntry& e) { return e.begin; });
    for (; at < expressions.size(); at = expressions[at].parent) {
        if (expressions[at].end >= offset) found.push_back({file, expressions[at].begin, expressions[at].end});
    }
    return found;
}

Type Model::type_of(Span span) const {
    if (span.file >= data_->files.size()) return {};
    const auto& expressions = data_->files[span.file].expressions;
    auto place = [](std::uint32_t begin, std::uint32_t end) { return std::tuple(begin, 0xFFFFFFFF - end); };
    auto found =
        std::lower_bound(expressions.begin(), expressions.end(), place(span.begin, span.end),
                         [&](const ExpressionEntry& e, const auto& wanted) { return place(e.begin, e.end) < wanted; });
    bool exact = found != expressions.end() && found->begin == span.begin && found->end == span.end;
    return exact ? found->type : Type();
}

const Call* Model::call_at(std::uint32_t file, std::uint32_t offset) const {
    if (file >= data_->files.size()) return nullptr;
    const auto& calls = data_->files[file].calls;
    std::size_t at = last_before(calls, offset, [](const Call& c) { return c.span.begin; });
    auto inside = [&](const Call& call) {
        return call.arguments_span.begin < offset &&
               offset < std::max(call.arguments_span.end, call.arguments_span.begin + 2);
    };
    while (at < calls.size() && !inside(calls[at])) at = calls[at].parent;
    return at < calls.size() ? &calls[at] : nullptr;
}

std::span<const Call> Model::calls_in(std::uint32_t file) const {
    if (file >= data_->files.size()) return {};
    return data_->files[file].calls;
}

std::span<const CallArgument> Model::arguments(const Call& call) const {
    return std::span(data_->arguments).subspan(call.first_argument, call.argument_count);
}

namespace {

// Collects symbols, of one name only the first.
class Names {
  public:
    explicit Names(const Model::Data& data) : data_(data) {}
    void add(SymbolId id) {
        const std::string& name = data_.symbols[id].name;
        if (!name.empty() && seen_.insert(name).second) found_.push_back(id);
    }
    void add_members(std::uint32_t class_entry) {
        for (int steps = 0; class_entry != kNone && steps < 200; ++steps) {
            for (const auto& [name, id] : data_.classes[class_entry].fields) add(id);
            for (const auto& [name, id] : data_.classes[class_entry].methods) add(id);
            class_entry = data_.classes[class_entry].base;
        }
    }
    void add_exports(std::uint32_t module, bool hidden_too) {
        std::vector<SymbolId> own;
        for (const auto& [name, id] : data_.modules[module].names) {
            if (hidden_too || !name.starts_with("_")) own.push_back(id);
        }
        std::sort(own.begin(), own.end());
        for (SymbolId id : own) add(id);
    }
    void add_builtins(bool free_only, Type receiver) {
        for (const BuiltinEntry& entry : data_.builtin_entries) {
            bool fits = free_only ? entry.native->free_function : has_method(data_.types, receiver, *entry.native);
            if (fits && !entry.native->name.starts_with("__")) add(entry.symbol);
        }
    }
    std::vector<SymbolId> take() { return std::move(found_); }

  private:
    const Model::Data& data_;
    std::unordered_set<std::string_view> seen_;
    std::vector<SymbolId> found_;
};

}  // namespace

std::vector<SymbolId> Model::visible(std::uint32_t file, std::uint32_t offset) const {
    if (file >= data_->files.size() || data_->files[file].scopes.empty()) return {};
    Names names(*data_);
    const auto& order = data_->files[file].scopes;
    std::size_t at = last_before(order, offset, [&](std::uint32_t i) { return data_->scopes[i].span.begin; });
    if (at == order.size()) return {};
    std::uint32_t scope = order[at];
    while (scope != kNone && data_->scopes[scope].span.end < offset) scope = data_->scopes[scope].parent;
    std::uint32_t module = scope == kNone ? kNone : data_->scopes[scope].module;
    std::uint32_t class_entry = kNone;
    for (; scope != kNone; scope = data_->scopes[scope].parent) {
        const ScopeEntry& entry = data_->scopes[scope];
        for (auto id = entry.symbols.rbegin(); id != entry.symbols.rend(); ++id) {
            if (data_->symbols[*id].name_span.begin < offset) names.add(*id);
        }
        if (class_entry == kNone) class_entry = entry.class_entry;
    }
    names.add_members(class_entry);
    for (; module != kNone; module = data_->modules[module].parent) {
        names.add_exports(module, true);
        for (std::uint32_t import : data_->modules[module].imports) names.add_exports(import, false);
    }
    names.add_builtins(true, {});
    return names.take();
}

// ---- Types ----------------------------------------------------------------------------------------------------------

const TypeTable& Model::types() const {
    return data_->types;
}

std::string Model::text(Type type) const {
    return data_->text(type);
}

std::vector<SymbolId> Model::members(Type type) const {
    Names names(*data_);
    Type inner = data_->types.without_null(type);
    const TypeData& shape = data_->types.data(inner);
    if (shape.kind == TypeKind::kInstance) names.add_members(data_->symbols[shape.detail].entry);
    if (shape.kind == TypeKind::kModule) names.add_exports(data_->symbols[shape.detail].entry, false);
    names.add_builtins(false, inner);
    return names.take();
}

std::span<const Span> Model::mistakes() const {
    return data_->mistakes;
}

bool Model::is_mistake(Span span) const {
    auto place = [](const Span& s) { return std::tuple(s.file, s.begin, s.end); };
    return std::binary_search(data_->mistakes.begin(), data_->mistakes.end(), span,
                              [&](const Span& a, const Span& b) { return place(a) < place(b); });
}

}  // namespace nyx::analyze

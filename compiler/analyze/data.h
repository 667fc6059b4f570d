// What a Model holds, for the files of this folder: bind fills the symbols, the typer their types.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/analyze/model.h"
#include "compiler/lower/lower.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"
#include "runtime/script/natives.h"

namespace nyx::analyze {

inline constexpr std::uint32_t kNone = 0xFFFFFFFF;

// A function, method or `fn(…) { }`.
struct FunctionEntry {
    SymbolId symbol = kNoSymbol;
    const ast::FnBody* body = nullptr;
    std::uint32_t class_entry = kNone;   // of methods
    std::uint32_t inside_class = kNone;  // also of functions in methods
    SymbolId self = kNoSymbol;
    std::vector<SymbolId> parameters;  // without self
    Type result;                       // annotated, or what the returns give
    bool annotated = false;
    bool never_returns = false;  // every path throws
    Span where;
};

struct ClassEntry {
    SymbolId symbol = kNoSymbol;
    const ast::ClassDecl* decl = nullptr;
    std::uint32_t base = kNone;
    bool base_unknown = false;
    std::vector<std::uint32_t> derived;
    std::map<std::string, SymbolId> fields;
    std::map<std::string, SymbolId> methods;
};

struct ModuleEntry {
    SymbolId symbol = kNoSymbol;
    std::uint32_t file = 0;
    std::uint32_t parent = kNone;
    bool is_stdlib = false;
    std::unordered_map<std::string, SymbolId> names;
    std::unordered_map<std::string, std::pair<SymbolId, const ast::TypeRef*>> aliases;
    std::vector<std::uint32_t> imports;  // their names are known here too
};

struct SchemaEntry {
    SymbolId symbol = kNoSymbol;
    std::string base;
    std::map<std::string, SymbolId> fields;  // its own
};

// Parameters with the receiver first. result: as in builtins.def.
struct BuiltinEntry {
    SymbolId symbol = kNoSymbol;
    const script::NativeSpec* native = nullptr;
    std::vector<SignatureParameter> parameters;
    std::string_view result;
    bool typed = false;  // builtins.def lists it
};

// Names that are known in a piece of text, beside those of the scopes around it.
struct ScopeEntry {
    Span span;
    std::uint32_t parent = kNone;
    std::uint32_t module = kNone;
    std::uint32_t class_entry = kNone;  // of methods: its members are known too
    std::vector<SymbolId> symbols;
};

// Expressions of a file nest; parent is the index of the one around, filled when all are there.
struct ExpressionEntry {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    Type type;
    std::uint32_t parent = kNone;
};

struct FileEntry {
    std::vector<Reference> references;
    std::vector<ExpressionEntry> expressions;
    std::vector<Call> calls;
    std::vector<std::uint32_t> scopes;   // by begin, then the larger first
    std::vector<SymbolId> declarations;  // in order
};

struct Model::Data {
    const lower::Program* program = nullptr;
    const source::SourceMap* sources = nullptr;
    TypeTable types;
    std::deque<Symbol> symbols;
    std::deque<FunctionEntry> functions;
    std::deque<ClassEntry> classes;
    std::deque<ModuleEntry> modules;
    std::deque<SchemaEntry> schemas;
    std::unordered_map<std::string, std::uint32_t> schema_names;
    std::vector<ScopeEntry> scopes;
    std::vector<FileEntry> files;
    std::vector<CallArgument> arguments;
    std::vector<std::pair<SymbolId, Reference>> by_symbol;  // sorted by symbol
    std::vector<std::pair<SymbolId, SymbolId>> children;    // sorted by owner
    std::vector<Span> mistakes;
    std::vector<SymbolId> builtins;
    std::deque<BuiltinEntry> builtin_entries;
    std::unordered_multimap<std::string_view, SymbolId> builtin_names;

    // The symbol of a NameExpr, or of an Ident that declares one, by its address.
    std::unordered_map<const void*, SymbolId> bound;
    std::unordered_set<SymbolId> written_elsewhere;  // variables that a function other than their own assigns
    std::unordered_map<const ast::FnBody*, std::uint32_t> function_of;
    std::unordered_map<const ast::ClassDecl*, std::uint32_t> class_of;
    std::unordered_map<const ast::TypeRef*, Type> annotations;

    SymbolId add(Symbol symbol) {
        symbols.push_back(std::move(symbol));
        return static_cast<SymbolId>(symbols.size() - 1);
    }
    SymbolId bound_to(const void* node) const {
        auto found = bound.find(node);
        return found == bound.end() ? kNoSymbol : found->second;
    }
    void refer(Span span, SymbolId symbol, bool is_declaration = false, bool is_write = false) {
        if (symbol != kNoSymbol && span.known() && span.file < files.size() && span.begin < span.end)
            files[span.file].references.push_back({span, symbol, is_declaration, is_write});
    }
    Type annotation(const ast::TypeRef& ref) const {
        auto found = annotations.find(&ref);
        return found == annotations.end() ? Type() : found->second;
    }
    // The member of the class or a base of it; kNoSymbol where there is none.
    SymbolId member(std::uint32_t class_entry, const std::string& name) const;
    SymbolId method(std::uint32_t class_entry, const std::string& name) const;
    SymbolId field(std::uint32_t class_entry, const std::string& name) const;
    SymbolId top_field(SymbolId field) const;
    // A base of it is not known, so it may have any member.
    bool is_open(std::uint32_t class_entry) const;
    bool derives(std::uint32_t class_entry, std::uint32_t base) const;
    SymbolId schema_field(const std::string& schema, const std::string& name) const;
    std::optional<Signature> signature(SymbolId callee) const;
    std::string text(Type type, int depth = 0) const;

    // Sorts and links what was collected; queries work after it.
    void finish();
};

}  // namespace nyx::analyze

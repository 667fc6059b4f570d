// What the text of a program means: its symbols, where each is used, and the type of every expression. The language
// server and `nyxc check` ask it.
//
// Immutable once analyze() has returned it, and then safe to read from several threads. It refers to the program's
// trees and sources, which must outlive it. Queries take O(log n) in the size of the program, plus the size of the
// answer and, at an offset, the depth of nesting. Trees with mistakes are no hindrance: what could not be parsed is of
// unknown type.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/analyze/symbol.h"
#include "compiler/analyze/type.h"

namespace nyx::analyze {

class Model {
  public:
    Model();
    Model(Model&&) noexcept;
    Model& operator=(Model&&) noexcept;
    ~Model();

    // ---- Symbols
    std::size_t symbol_count() const;
    const Symbol& symbol(SymbolId id) const;
    // What is declared in a file, in the order of the text, locals among them.
    std::vector<SymbolId> declared_in(std::uint32_t file) const;
    // Members of a class, exports of a module, fields of a schema, devices of a machine, parameters of a function.
    std::vector<SymbolId> children(SymbolId id) const;
    std::optional<SymbolId> base_of(SymbolId class_symbol) const;
    // How a function, method, class or built-in is called; nothing for other symbols.
    std::optional<Signature> signature(SymbolId callee) const;

    // ---- Places. An offset right behind a name is at that name.
    // The symbol whose name stands at this offset, or kNoSymbol. An import's name gives the import itself.
    SymbolId symbol_at(std::uint32_t file, std::uint32_t offset) const;
    const Reference* reference_at(std::uint32_t file, std::uint32_t offset) const;
    // Every place that means it, the declaration among them, in order of file and offset.
    std::vector<Reference> references(SymbolId id) const;
    // All references of a file, in order.
    std::span<const Reference> references_in(std::uint32_t file) const;
    // The innermost expression around an offset.
    std::optional<TypedSpan> expression_at(std::uint32_t file, std::uint32_t offset) const;
    // All of them, from the inside.
    std::vector<Span> expressions_around(std::uint32_t file, std::uint32_t offset) const;
    // The type of the expression that has exactly this span; unknown where there is none.
    Type type_of(Span expression) const;
    // The innermost call whose parentheses hold the offset; null outside of calls and where the callee is unknown.
    const Call* call_at(std::uint32_t file, std::uint32_t offset) const;
    std::span<const Call> calls_in(std::uint32_t file) const;
    std::span<const CallArgument> arguments(const Call& call) const;
    // What a bare name may mean here, the nearest first; of one name only the nearest. Built-ins come last.
    std::vector<SymbolId> visible(std::uint32_t file, std::uint32_t offset) const;

    // ---- Types
    const TypeTable& types() const;
    std::string text(Type type) const;  // "array<int>", "fn(a: int) -> string", "Uart?", "unknown"
    // What may stand behind the dot: fields, methods, exports, built-in methods.
    std::vector<SymbolId> members(Type type) const;

    // Operations that cannot succeed and were reported, by the span that the interpreter would report: the build stage
    // stays silent where it comes to one. Sorted.
    std::span<const Span> mistakes() const;
    bool is_mistake(Span span) const;

    struct Data;
    explicit Model(std::unique_ptr<Data> data);

  private:
    std::unique_ptr<Data> data_;
};

}  // namespace nyx::analyze

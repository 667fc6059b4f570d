// Texts with values in them, arrays, tuples, maps and comprehensions.
#include <algorithm>

#include "compiler/lower/lowerer.h"

namespace nyx::lower {

void Lowerer::write(const ast::InterpolatedString& node) {
    std::uint32_t parts = 0;
    for (std::size_t i = 0; i < node.literals.size(); ++i) {
        if (!node.literals[i].empty()) {
            fn_->emit(Op::kConst, node.span, tables_.string(node.literals[i]));
            ++parts;
        }
        if (i >= node.values.size()) continue;
        expr(*node.values[i]);
        // Concat makes text of what has no format.
        if (i < node.formats.size() && !node.formats[i].empty())
            fn_->emit(Op::kFormat, node.values[i]->span, tables_.string(node.formats[i]));
        ++parts;
    }
    fn_->emit(Op::kConcat, node.span, parts);
}

void Lowerer::write(const ast::ArrayExpr& node) {
    list(Op::kMakeArray, node.elements, node.span);
}

void Lowerer::write(const ast::TupleExpr& node) {
    list(Op::kMakeTuple, node.elements, node.span);
}

void Lowerer::list(Op op, const ast::ExprList& elements, Span span) {
    // In pieces, so that a long list does not need a deep stack.
    constexpr std::size_t kPiece = 4096;
    for (std::size_t begin = 0; begin == 0 || begin < elements.size(); begin += kPiece) {
        std::size_t end = std::min(elements.size(), begin + kPiece);
        for (std::size_t i = begin; i < end; ++i) expr(*elements[i]);
        fn_->emit(op, span, static_cast<std::uint32_t>(end - begin));
        if (begin != 0) fn_->emit(Op::kAdd, span);
    }
}

void Lowerer::write(const ast::MapExpr& node) {
    constexpr std::size_t kPiece = 4096;
    const auto& entries = node.entries;
    for (std::size_t begin = 0; begin == 0 || begin < entries.size(); begin += kPiece) {
        std::size_t end = std::min(entries.size(), begin + kPiece);
        for (std::size_t i = begin; i < end; ++i) {
            expr(*entries[i].key);
            expr(*entries[i].value);
        }
        fn_->emit(Op::kMakeMap, node.span, static_cast<std::uint32_t>(end - begin));
        if (begin != 0) fn_->emit(Op::kBitOr, node.span);
    }
}

void Lowerer::write(const ast::Comprehension& node) {
    fn_->push_scope();
    std::uint16_t result = fn_->hidden_slot(node.span);
    std::uint16_t iterator = fn_->hidden_slot(node.span);
    fn_->emit(Op::kMakeArray, node.span, 0);
    fn_->emit(Op::kStoreLocal, node.span, 0, result);
    expr(*node.iterable);
    fn_->emit(Op::kIterInit, node.iterable->span, 0, iterator);
    std::uint32_t start = fn_->here();
    std::size_t exit = next_item(node.names, iterator, node.iterable->span);
    std::optional<std::size_t> skip;
    if (node.condition) skip = jump_unless(*node.condition);
    expr(*node.element);
    fn_->emit(Op::kAppendLocal, node.element->span, 0, result);
    if (skip) fn_->point_here(*skip);
    fn_->emit(Op::kLoop, node.span, start);
    fn_->point_here(exit);
    fn_->emit(Op::kLoadLocal, node.span, 0, result);
    fn_->pop_scope();
}

}  // namespace nyx::lower

#include "compiler/format/outline_builder.h"

namespace nyx::format {

// Marks the type that begins at i, without taking it; returns what follows. (grammar: type)
TokenIndex OutlineBuilder::mark_type(TokenIndex i) {
    if (is(i, "fn")) {
        i = mark_fn_type(i);
    } else if (is(i, "[")) {
        i = mark_type(mark(i));
        if (is(i, "]")) i = mark(i);
    } else {
        i = mark_named_type(i);
    }
    return is(i, "?") ? mark(i) : i;
}

TokenIndex OutlineBuilder::mark_fn_type(TokenIndex i) {
    i = mark(i);
    if (is(i, "(")) i = mark_types(mark(i), ")");
    return is(i, "->") ? mark_type(mark(i)) : i;
}

TokenIndex OutlineBuilder::mark_named_type(TokenIndex i) {
    if (at(i).kind == WordKind::kNumber) return mark(i);  // fifo<u8, 16>
    if (at(i).kind != WordKind::kName && at(i).kind != WordKind::kValue) return i;
    i = mark(i);
    while (is(i, ".")) i = mark(mark(i));
    if (is(i, "<")) i = mark_types(mark(i), ">");
    return is(i, "(") ? behind_brackets(i) : i;  // arguments are expressions
}

TokenIndex OutlineBuilder::mark_types(TokenIndex i, std::string_view close) {
    while (at(i).kind != WordKind::kEndOfFile && !is(i, close)) {
        TokenIndex after = is(i, ",") ? mark(i) : mark_type(i);
        if (after == i) return i;
        i = after;
    }
    return mark(i);
}

TokenIndex OutlineBuilder::behind_brackets(TokenIndex open) const {
    int depth = 0;
    TokenIndex i = open;
    do {
        if (is(i, "(") || is(i, "[") || is(i, "{")) ++depth;
        if (closes(i)) --depth;
        ++i;
    } while (depth > 0 && at(i).kind != WordKind::kEndOfFile);
    return i;
}

// `let a, b: type`, and a field's `a: type`.
void OutlineBuilder::mark_declared_type(TokenIndex i) {
    bool binds = at(i).kind == WordKind::kKeyword && (is(i, "let") || is(i, "const"));
    if (binds) ++i;
    if (binds && is(i, "mut")) ++i;
    while (binds && at(i).kind == WordKind::kName && is(i + 1, ",")) i += 2;
    bool names = at(i).kind == WordKind::kName || (binds && is(i, "("));
    i = is(i, "(") ? behind_brackets(i) : i + 1;
    if (names && is(i, ":")) mark_type(i + 1);
}

// `host tx: sink<u8>, rx: source<u8> when …`
void OutlineBuilder::mark_port_types() {
    for (TokenIndex i = next_ + 1; at(i).kind != WordKind::kEndOfFile && !ends_[i]; ++i)
        if (is(i, ":")) mark_type(i + 1);
}

// The types of a parameter list that opens at next_.
void OutlineBuilder::mark_parameter_types() {
    for (TokenIndex i = next_ + 1; at(i).kind != WordKind::kEndOfFile && !closes(i);) {
        bool nested = is(i, "(") || is(i, "[") || is(i, "{");
        if (nested)
            i = behind_brackets(i);
        else
            i = is(i, ":") ? std::max(mark_type(i + 1), i + 1) : i + 1;
    }
}

}  // namespace nyx::format

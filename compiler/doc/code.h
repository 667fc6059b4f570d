// Source text with its words coloured, and names that have a page as links.
#pragma once

#include <string>
#include <string_view>

#include "compiler/doc/entries.h"

namespace nyx::doc {

// Where markup stands: what relative links and names start from.
struct Context {
    const Entries& entries;
    const source::SourceMap& sources;
    std::string module;
    std::string root;  // "../"
};

// A piece of Nyx: a type, an expression, a program.
std::string code(const Context& context, std::string_view text);
// A paragraph of its own.
std::string code_block(const Context& context, std::string_view text);

// "fn f(a: int, b = 2) -> int"
std::string signature(const source::SourceMap& sources, const std::string& name, const ast::FnBody& fn);

}  // namespace nyx::doc

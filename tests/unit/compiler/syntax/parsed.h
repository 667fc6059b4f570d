// A text, parsed: its tree in one line and its diagnostics as "code line:column message".
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"

namespace nyx::syntax {

struct Parsed {
    explicit Parsed(std::string_view text);

    source::SourceMap sources;
    diagnostics::Sink sink;
    std::uint32_t file = 0;
    std::unique_ptr<ast::Module> module;

    // "NY0101 3:4" of each, in order.
    std::vector<std::string> mistakes() const;
    std::string first_message() const;
    std::size_t depth() const;  // of the tree
};

// `text` as an expression, with every operator in parentheses: "(1 + (2 * 3))".
std::string shape(std::string_view text);
std::string shape(const ast::Expr& expr);

// Every .ny file below tests/corpus, stdlib and examples.
std::vector<std::string> corpus_files();

}  // namespace nyx::syntax

// The words of the language, for proposals and for refusing them as names. tests/unit/compiler/lsp holds them to the
// lexer.
#pragma once

#include <span>
#include <string_view>

namespace nyx::lsp {

struct Keyword {
    std::string_view word;
    bool begins_statement = false;
    bool in_expressions = false;
    bool in_machines = false;  // a statement of a machine's body may begin with it
};

std::span<const Keyword> keywords();
// Whether a variable may not have this name.
bool is_taken(std::string_view word);

}  // namespace nyx::lsp

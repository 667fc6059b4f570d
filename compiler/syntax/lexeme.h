// A word or symbol as the scanner found it: its type in the grammar and its bytes.
#pragma once

#include <cstdint>
#include <vector>

namespace nyx::syntax {

struct Lexeme {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint16_t type = 0;      // grammar::NyxLexer::…
    bool first_on_line = false;  // nothing but blanks stands before it
};

using Lexemes = std::vector<Lexeme>;

// More than this in one file is not a program; it bounds time and memory for any input.
inline constexpr std::size_t kMaxLexemes = 2'000'000;
// Brackets within brackets, `${` counted as one. Keeps every recursion of the parser shallow.
inline constexpr std::size_t kMaxNesting = 200;

}  // namespace nyx::syntax

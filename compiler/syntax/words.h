// What the parser reads, for those who work on the text itself: formatter, editors. No type of the parser generator.
//
// A string with `${…}` is one word. Statements end with exactly one kEndOfStatement, which may be empty; blanks,
// comments and superfluous `;` are between the words. The last word is the end of the file.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"

namespace nyx::syntax {

enum class WordKind : std::uint8_t {
    kName,
    kKeyword,  // where it stands; `and`, `or`, `not` and `in` too
    kValue,    // true, false, null, super
    kNumber,
    kUnit,
    kString,
    kBlockOpen,  // a `{` that holds statements
    kMapOpen,    // a `{` that holds entries
    kSymbol,
    kEndOfStatement,
    kEndOfFile,
    kError,
};

struct Word {
    std::uint32_t begin = 0;  // bytes of the text
    std::uint32_t end = 0;
    WordKind kind = WordKind::kSymbol;
};

// Where there are syntax errors some words are as the parser mends them.
std::vector<Word> words(std::string_view text, std::uint32_t file, diagnostics::Sink& sink);

}  // namespace nyx::syntax

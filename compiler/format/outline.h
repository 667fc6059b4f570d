// The shape of a text as far as its layout needs it: statements, brackets, lists, and every comment with the word that
// follows it. Words keep their order and their spelling; only where lines break and what stands between words is free.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/syntax/words.h"

namespace nyx::format {

using syntax::WordKind;

struct Comment {
    std::string_view text;
    bool own_line = false;
    bool after_blank_line = false;
};

struct Token {
    std::string_view text;
    WordKind kind = WordKind::kSymbol;
    std::vector<Comment> comments;  // between the token before and this one
    bool newline_before = false;
    bool blank_line_before = false;  // directly before it, after its comments
    bool starts_statement = false;   // a statement ends before it
    bool tight = false;              // no blank before it
    bool in_type = false;
    bool in_slice = false;           // the `:` of [a:b]
    bool apart = false;              // a blank before it, though it looks like a suffix: the `:` of `class A : B`
    std::uint8_t precedence = 0;     // of a binary operator; the loosest is 1
    std::uint32_t extra_blanks = 0;  // puts the `=` of fields under each other
    bool comments_written = false;
};

using TokenIndex = std::uint32_t;

struct Run;

enum class Shape : std::uint8_t {
    kToken,
    kPlain,      // brackets whose content is no list: (a + b), [i], for (…; …; …)
    kArguments,  // (a, b) of calls and declarations
    kTuple,
    kArray,
    kMap,
    kBlock,
    kCase,  // what follows `case x:`
};

struct Node {
    Shape shape = Shape::kToken;
    TokenIndex open = 0;  // the token, or the opening bracket
    TokenIndex close = 0;
    std::vector<Run> items;
    bool hard = false;        // cannot stand on one line
    bool keep_comma = false;  // (x,)
    bool of_machine = false;  // a block with fields of a machine or device
};

// Nodes that follow each other: a statement, or an item of a list.
struct Run {
    std::vector<Node> nodes;
    bool hard = false;
    char separator = ';';  // what stands behind it where others follow on the line
};

struct Outline {
    std::vector<Token> tokens;  // the last is the end of the file, for the comments before it
    std::vector<Run> statements;
};

// `text` has no syntax errors and outlives the result.
Outline outline(std::string_view text, const std::vector<syntax::Word>& words);

bool is_list(Shape shape);
TokenIndex first_token(const Run& run);

}  // namespace nyx::format

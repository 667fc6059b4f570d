// A command line as a shell splits it: quotes, backslashes, line continuations, comments. Nothing is expanded or run.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nyx::interchange {

struct ShellWord {
    std::string text;
    std::size_t begin = 0;  // bytes of the whole
    std::size_t end = 0;
    bool is_operator = false;   // unquoted `|`, `;`, `&`, `<`, `>` or a line end
    bool has_variable = false;  // `$` or a backtick that a shell would expand
};

struct ShellWords {
    std::vector<ShellWord> words;
    std::size_t open_quote = std::string_view::npos;  // where a quote begins that nothing closes
};

ShellWords shell_words(std::string_view text);

}  // namespace nyx::interchange

// The laws that formatting keeps, for any text.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace nyx::format {

// Nothing where the text has syntax errors.
std::optional<std::string> formatted(const std::string& text);

// What is broken, in a few words: the tree, the comments, idempotence. Empty: nothing, or the text has syntax errors.
std::string broken_law(const std::string& text);

// The texts of every .ny file below `folder`, and of every nyx snippet in its .md files.
struct Sample {
    std::string name;
    std::string text;
};
std::vector<Sample> samples(const std::string& folder);

}  // namespace nyx::format

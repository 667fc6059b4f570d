// What changed between two texts, as `diff -u` shows it and `patch` takes it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace nyx::diagnostics {

// Empty where nothing changed. Three lines of context; the header names `path` on both sides.
std::string unified_diff(std::string_view path, std::string_view before, std::string_view after);

}  // namespace nyx::diagnostics

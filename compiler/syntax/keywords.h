// Words that are more than names in some places. docs/syntax.md lists them for users.
#pragma once

#include <cstdint>
#include <string_view>

namespace nyx::syntax {

// The token type of a word that begins an item of a device declaration, 0 for all others; elsewhere it is a name.
std::uint16_t device_keyword(std::string_view word);
// One of these, or another word that is a keyword somewhere inside a device declaration.
bool is_device_keyword(std::string_view word);

// A keyword everywhere: the types of `let`, `fn`, `and` … and also of `true`.
bool is_keyword(std::uint16_t type);

// The token type of a word that is a keyword only where a statement begins, 0 for all others.
std::uint16_t statement_keyword(std::string_view word);

// `true` for `True`, `yes` and the like, `null` for `None`; empty for all others.
std::string_view value_meant(std::string_view word);
// The type that other languages call so: `integer`, `str` …; empty: none.
std::string_view type_meant(std::string_view word);

// For a word that other languages have and Nyx says differently; empty for all others.
std::string_view advice_for_foreign_word(std::string_view word);

}  // namespace nyx::syntax

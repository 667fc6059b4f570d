// Documentation texts as markup: paragraphs, lists, `code`, and examples, which are fenced or four blanks deep.
#pragma once

#include <string>
#include <string_view>

#include "compiler/doc/code.h"

namespace nyx::doc {

std::string prose(const Context& context, std::string_view text);
// One line of it, for tables.
std::string inline_prose(const Context& context, std::string_view text);

}  // namespace nyx::doc

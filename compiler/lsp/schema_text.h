// How the declarations of stdlib are told to a person.
#pragma once

#include <string>

#include "compiler/lsp/analysis.h"

namespace nyx::lsp {

// "a size, such as 512 MiB (4 KiB to 256 TiB) = 128 MiB"; "required" where there is no default.
std::string field_summary(const check::FieldSpec& field, const Library& library);
// The default as it is written in stdlib; empty where there is none.
std::string default_text(const check::FieldSpec& field, const Library& library);
// "serial(base, irq, backend)"
std::string schema_line(const check::Schema& schema, const Library& library);
// Markdown: the summary and the documentation.
std::string field_page(const check::Schema& schema, const check::FieldSpec& field, const Library& library);
std::string schema_page(const check::Schema& schema, const Library& library);

}  // namespace nyx::lsp

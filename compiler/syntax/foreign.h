// What is written as in another language is said once, in words that name the Nyx form, and mended or taken out, so
// that nothing later complains about it again: YAML and Python blocks behind `:`, JSON, XML and TOML, `name: value` and
// `,` between fields, `//` and `/* */`, and words such as `def`. Nothing that is Nyx is touched. Time is linear.
#pragma once

#include <cstdint>
#include <string_view>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/lexeme.h"

namespace nyx::syntax {

// `scanned` holds what the scanner reported; what lies in parts that are taken out is not passed on to `sink`.
Lexemes mend_foreign(Lexemes lexemes, std::string_view text, std::uint32_t file, const diagnostics::Sink& scanned,
                     diagnostics::Sink& sink);

}  // namespace nyx::syntax

#include "compiler/syntax/scanner.h"

#include "compiler/syntax/lexeme_scanner.h"

namespace nyx::syntax {

Lexemes scan(std::string_view text, std::uint32_t file, diagnostics::Sink& sink) {
    return Scanner(text, file, sink).scan();
}

}  // namespace nyx::syntax

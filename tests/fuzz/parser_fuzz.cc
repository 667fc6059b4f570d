// Any bytes parse to a tree, and every diagnostic about them can be shown.
#include <cstddef>
#include <cstdint>
#include <string>

#include "compiler/diagnostics/console.h"
#include "compiler/syntax/parser.h"
#include "runtime/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    nyx::source::SourceMap sources;
    nyx::diagnostics::Sink sink;
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(data[i]);
    std::uint32_t file = sources.add("fuzz.ny", std::move(text));
    auto module = nyx::syntax::parse(sources, file, sink);
    NYX_CHECK(module != nullptr);
    for (const auto& diagnostic : sink.sorted()) {
        NYX_CHECK(diagnostic.primary.span.begin <= diagnostic.primary.span.end && diagnostic.primary.span.end <= size);
        nyx::diagnostics::console_text(sources, diagnostic, false);
    }
    return 0;
}

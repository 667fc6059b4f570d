// A text with its model, for the tests of compiler/analyze.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>

#include "compiler/analyze/analyze.h"

namespace nyx::test {

struct Analyzed {
    source::SourceMap sources;
    diagnostics::Sink sink;
    std::uint32_t file = 0;
    lower::Program program;
    analyze::Model model;

    std::uint32_t at(const std::string& text, std::size_t from = 0) const {
        std::size_t found = sources.file(file).text.find(text, from);
        return static_cast<std::uint32_t>(found == std::string::npos ? 0xFFFFFFF : found);
    }
    analyze::SymbolId symbol(const std::string& text) const { return model.symbol_at(file, at(text)); }
    // "NY0310 3:5", in order.
    std::string findings() const {
        std::string out;
        for (const diagnostics::Diagnostic& one : sink.sorted()) {
            source::Position place = sources.position(one.primary.span.file, one.primary.span.begin);
            out += fmt::format("{}{} {}:{}", out.empty() ? "" : ", ", diagnostics::code_text(one.code), place.line,
                               place.column);
        }
        return out;
    }
};

inline std::unique_ptr<Analyzed> analyzed(const std::string& text, const std::string& path = "main.ny") {
    auto result = std::make_unique<Analyzed>();
    result->file = result->sources.add(path, text);
    lower::FileLoader loader(NYX_STDLIB);
    result->program = lower::load_program(result->sources, result->file, loader, "std.prelude", result->sink);
    result->model = analyze::analyze(result->program, result->sources, result->sink);
    return result;
}

}  // namespace nyx::test

// Compiles and runs a text as nyxc would, with modules from memory, for the tests of compiler/lower and the language.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "compiler/lower/evaluate.h"

namespace nyx::test {

class TextLoader final : public lower::ModuleLoader {
  public:
    std::optional<std::uint32_t> open(source::SourceMap& sources, const std::string& path, bool is_stdlib) override {
        auto text = texts.find(path);
        if (text == texts.end()) return std::nullopt;
        for (std::uint32_t i = 0; i < sources.file_count(); ++i) {
            if (sources.file(i).path == path) return i;
        }
        return sources.add(path, text->second, is_stdlib);
    }
    std::string stdlib_folder() const override { return "lib"; }

    std::map<std::string, std::string> texts;  // "lib/…" is stdlib
};

// Everything that one run of a script leaves.
struct Ran {
    std::unique_ptr<source::SourceMap> sources = std::make_unique<source::SourceMap>();
    diagnostics::Sink sink;
    lower::Program program;
    lower::BuildResult result;
    std::string output;

    // "NY0201 3:5 message" of the n-th finding.
    std::string finding(std::size_t n) const {
        if (n >= sink.all().size()) return "none";
        const diagnostics::Diagnostic& one = sink.all()[n];
        source::Position at = sources->position(one.primary.span.file, one.primary.span.begin);
        return fmt::format("{} {}:{} {}", diagnostics::code_text(one.code), at.line, at.column, one.message);
    }
};

inline std::unique_ptr<Ran> run_script(const std::string& text, lower::ModuleLoader& loader, script::Limits limits = {},
                                       const std::string& path = "main.ny") {
    auto ran = std::make_unique<Ran>();
    std::uint32_t file = ran->sources->add(path, text);
    ran->program = lower::load_program(*ran->sources, file, loader,
                                       loader.stdlib_folder() == "lib" ? "" : "std.prelude", ran->sink);
    ran->result = lower::evaluate(ran->program, ran->sink, limits);
    ran->output = ran->result.output;
    return ran;
}

inline std::unique_ptr<Ran> run_script(const std::string& text, script::Limits limits = {}) {
    TextLoader loader;
    return run_script(text, loader, limits);
}

}  // namespace nyx::test

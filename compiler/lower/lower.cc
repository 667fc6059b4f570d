#include "compiler/lower/lower.h"

#include <filesystem>

#include "compiler/lower/lowerer.h"

namespace nyx::lower {

namespace fs = std::filesystem;

namespace {

// Paths as they go into the bytecode: relative to the main file, or to stdlib; never where they are on this host.
std::string portable_path(const source::SourceFile& file, const std::string& main_path, const std::string& stdlib) {
    if (file.is_stdlib) return "std/" + fs::path(file.path).lexically_relative(stdlib).generic_string();
    if (file.path.starts_with("package:")) return file.path;
    fs::path folder = fs::path(main_path).parent_path();
    fs::path relative = fs::path(file.path).lexically_proximate(folder.empty() ? "." : folder);
    return relative.generic_string();
}

}  // namespace

Program load_program(source::SourceMap& sources, std::uint32_t main, ModuleLoader& loader, const std::string& prelude,
                     diagnostics::Sink& sink) {
    Program program;
    std::size_t errors = sink.error_count();
    std::vector<LoadedModule> modules = load_modules(sources, main, loader, prelude, sink);
    std::unique_ptr<script::Program> code = Lowerer(sources, sink).lower(modules);
    for (std::uint32_t i = 0; i < sources.file_count(); ++i) {
        const source::SourceFile& text = sources.file(i);
        script::FileName& name = code->files.emplace_back();
        name.path = portable_path(text, sources.file(main).path, loader.stdlib_folder());
        name.is_stdlib = text.is_stdlib;
        if (!text.is_stdlib) name.line_starts = text.line_starts;
    }
    for (LoadedModule& module : modules) {
        program.modules.push_back(std::move(module.tree));
        program.names.push_back(std::move(module.name));
        program.automatic.push_back(std::move(module.automatic));
        program.imports.push_back(std::move(module.imports));
    }
    program.clean = sink.error_count() == errors;
    Status verified = script::verify(*code);
    NYX_CHECK(verified || !program.clean, "the compiler wrote bad bytecode: {}", verified.error().message);
    if (verified) program.code = std::move(*code);
    return program;
}

}  // namespace nyx::lower

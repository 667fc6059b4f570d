// nyxc doc [FILE|DIR] -o DIR
#include <algorithm>
#include <filesystem>
#include <memory>

#include "compiler/check/load_schemas.h"
#include "compiler/doc/site.h"
#include "compiler/driver/command.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/report.h"
#include "compiler/driver/stdlib_folder.h"
#include "compiler/syntax/parser.h"
#include "nyx_version.h"
#include "runtime/base/file.h"

namespace nyx::driver {

namespace fs = std::filesystem;

namespace {

struct Options {
    std::string input;
    std::string output;
    bool stdlib = false;
    ReportOptions report;
};

struct Source {
    std::string path;
    std::string name;  // of the module
    std::string shown;
    bool is_library = false;
};

// Every .ny file of a folder but those in hidden ones, in byte order of the paths.
Result<std::vector<std::string>> sources_in(const fs::path& folder) {
    std::vector<std::string> found;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (entry->path().filename().string().starts_with(".")) {
            entry.disable_recursion_pending();
        } else if (entry->path().extension() == ".ny" && entry->is_regular_file(error)) {
            found.push_back(entry->path().lexically_relative(folder).generic_string());
        }
    }
    if (error) return fail(errno_error(error.value(), folder.string()));
    std::sort(found.begin(), found.end());
    return found;
}

std::string module_name(std::string relative) {
    relative.resize(relative.size() - std::string_view(".ny").size());
    std::replace(relative.begin(), relative.end(), '/', '.');
    return relative;
}

// Classic modules are imported by their bare name, what machines are declared with by `std.…`.
std::string library_name(const std::string& relative) {
    static constexpr std::string_view kDeclarations[] = {"backend", "boot", "cpu", "cpuid", "machine", "prelude"};
    std::string name = module_name(relative);
    bool is_declaration =
        relative.find('/') != std::string::npos ||
        std::find(std::begin(kDeclarations), std::end(kDeclarations), name) != std::end(kDeclarations);
    return is_declaration ? "std." + name : name;
}

Status add_library(const std::string& folder, std::vector<Source>& sources) {
    NYX_ASSIGN(std::vector<std::string> files, sources_in(folder));
    for (const std::string& file : files)
        sources.push_back({folder + "/" + file, library_name(file), "std/" + file, true});
    return {};
}

Status add_project(const std::string& input, std::vector<Source>& sources) {
    std::error_code error;
    if (!fs::is_directory(input, error)) {
        std::string name = fs::path(input).filename().string();
        if (!name.ends_with(".ny"))
            return fail({ErrorCode::kInvalidArgument, input + ": not a .ny file or a folder", ""});
        sources.push_back({input, module_name(name), name, false});
        return {};
    }
    NYX_ASSIGN(std::vector<std::string> files, sources_in(input));
    if (files.empty()) return fail({ErrorCode::kInvalidArgument, input + ": this folder has no .ny file", ""});
    for (const std::string& file : files)
        sources.push_back({(fs::path(input) / file).string(), module_name(file), file, false});
    return {};
}

Status write_site(const std::map<std::string, std::string>& files, const std::string& folder) {
    for (const auto& [path, text] : files) {
        fs::path target = fs::path(folder) / path;
        std::error_code error;
        fs::create_directories(target.parent_path(), error);
        if (error) return fail(errno_error(error.value(), target.parent_path().string()));
        NYX_TRY(write_file(target.string(), as_bytes(text)));
    }
    return {};
}

// Nothing is written where a file has mistakes.
Status document(Compilation& compilation, const Options& options) {
    std::vector<Source> sources;
    NYX_ASSIGN(std::string stdlib, stdlib_folder());
    if (!options.input.empty()) NYX_TRY(add_project(options.input, sources));
    NYX_TRY(add_library(stdlib, sources));
    std::vector<std::unique_ptr<ast::Module>> trees;
    for (const Source& source : sources) {
        NYX_ASSIGN(std::uint32_t file, compilation.sources.load(source.path, source.is_library));
        trees.push_back(syntax::parse(compilation.sources, file, compilation.sink));
    }
    lower::FileLoader loader(stdlib);
    std::uint32_t nothing = compilation.sources.add("<nothing>", "");
    lower::Program prelude = lower::load_program(compilation.sources, nothing, loader, "std.prelude", compilation.sink);
    std::vector<const ast::Module*> declarations;
    for (const auto& module : prelude.modules) declarations.push_back(module.get());
    for (std::size_t i = 0; i < sources.size(); ++i)
        if (!sources[i].is_library) declarations.push_back(trees[i].get());
    script::Heap heap;
    diagnostics::Sink said_by_check;  // files of one folder may have devices of one name
    check::Schemas schemas = check::load_schemas(declarations, compilation.sources, heap, said_by_check);
    std::string title =
        options.input.empty() ? "Nyx library" : fs::path(options.input).lexically_normal().stem().string();
    if (title.empty() || title == ".") title = "Reference";
    doc::Input input{title, NYX_VERSION, {}, schemas, compilation.sources};
    for (std::size_t i = 0; i < sources.size(); ++i)
        input.modules.push_back({sources[i].name, sources[i].shown, trees[i].get(), sources[i].is_library});
    if (compilation.sink.has_errors()) return {};
    return write_site(doc::site(input), options.output);
}

int run(const Options& options) {
    if (options.input.empty() != options.stdlib)
        return fail_with({ErrorCode::kInvalidArgument, "doc takes a FILE or a folder, or --stdlib",
                          "nyxc doc machine.ny -o reference"});
    Compilation compilation;
    Status done = document(compilation, options);
    int reported = report(compilation.sources, compilation.sink, options.report);
    return done ? reported : fail_with(done.error());
}

}  // namespace

Runner add_doc(CLI::App& command) {
    auto options = std::make_shared<Options>();
    command.add_option("FILE", options->input, "Source file, or a folder of them");
    command.add_flag("--stdlib", options->stdlib, "The library of Nyx alone");
    command.add_option("-o,--output", options->output, "Folder for the pages; made where it is not there")->required();
    add_color_option(command, options->report);
    command.footer(
        "The pages need no server and no network; the library's are among them, so that names lead there.\n\n"
        "Example:\n  nyxc doc machine.ny -o reference && xdg-open reference/index.html");
    return [options] { return run(*options); };
}

}  // namespace nyx::driver

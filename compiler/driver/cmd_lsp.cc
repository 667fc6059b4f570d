// nyxc lsp
#include <unistd.h>

#include "compiler/driver/command.h"
#include "compiler/driver/pipeline.h"
#include "compiler/lsp/server.h"
#include "nyx_version.h"

namespace nyx::driver {

namespace {

// What nyxc check says of the text as it stands in the editor.
lsp::Analysis analyze(const std::string& path, const std::string& text) {
    Compilation compilation;
    // The main file is added first, so its index is 0.
    Status done = check_everything(compilation, path, text);
    lsp::Analysis analysis;
    if (done) analysis.diagnostics = compilation.sink.sorted();
    return analysis;
}

}  // namespace

Runner add_lsp(CLI::App& command) {
    command.footer("Example:\n  nyxc lsp          (started by an editor)");
    return [] {
        lsp::Server server(analyze, NYX_VERSION);
        return lsp::serve(server, STDIN_FILENO, STDOUT_FILENO);
    };
}

}  // namespace nyx::driver

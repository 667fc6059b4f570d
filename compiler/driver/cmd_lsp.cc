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
    struct Kept {
        Compilation compilation;
        Checked checked;
    };
    auto kept = std::make_shared<Kept>();
    lsp::Analysis analysis;
    auto checked = check_everything(kept->compilation, path, text);
    if (!checked) return analysis;
    kept->checked = std::move(*checked);
    analysis.main_file = kept->checked.file;
    analysis.diagnostics = kept->compilation.sink.sorted();
    analysis.sources = &kept->compilation.sources;
    analysis.model = &kept->checked.meaning;
    analysis.owner = kept;
    return analysis;
}

}  // namespace

Runner add_lsp(CLI::App& command) {
    // Editors say how they speak to a server; there is one way.
    command.add_flag("--stdio")->description("Speak over stdin and stdout, which it always does");
    command.footer("Example:\n  nyxc lsp          (started by an editor)");
    return [] {
        lsp::Server server(analyze, NYX_VERSION);
        return lsp::serve(server, STDIN_FILENO, STDOUT_FILENO);
    };
}

}  // namespace nyx::driver

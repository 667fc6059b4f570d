// nyxc lsp
#include <unistd.h>

#include "compiler/driver/command.h"
#include "compiler/driver/editor_compiler.h"
#include "compiler/lsp/server.h"
#include "nyx_version.h"

namespace nyx::driver {

Runner add_lsp(CLI::App& command) {
    // Editors say how they speak to a server; there is one way.
    command.add_flag("--stdio")->description("Speak over stdin and stdout, which it always does");
    command.footer("Example:\n  nyxc lsp          (started by an editor)");
    return [] {
        EditorCompiler compiler;
        return lsp::serve(compiler, NYX_VERSION, STDIN_FILENO, STDOUT_FILENO);
    };
}

}  // namespace nyx::driver

// Compiles and runs one .ny file as the build stage would, for compare.py.
#include <cstdio>

#include "compiler/lower/evaluate.h"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: bench_script FILE.ny\n", stderr);
        return 2;
    }
    nyx::source::SourceMap sources;
    nyx::diagnostics::Sink sink;
    auto file = sources.load(argv[1]);
    if (!file) {
        std::fprintf(stderr, "%s\n", file.error().text().c_str());
        return 3;
    }
    nyx::lower::FileLoader loader("");
    nyx::lower::Program program = nyx::lower::load_program(sources, *file, loader, "", sink);
    nyx::lower::BuildResult result = nyx::lower::evaluate(program, sink);
    std::fputs(result.output.c_str(), stdout);
    for (const auto& one : sink.all()) std::fprintf(stderr, "%s\n", one.message.c_str());
    return sink.has_errors() ? 1 : 0;
}

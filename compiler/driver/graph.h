// The topology of a compiled machine as a file: `nyxc graph` and `nyxc emit graph`.
#pragma once

#include <string>

#include "compiler/driver/pipeline.h"

namespace nyx::driver {

// format: "svg", "dot" or "json".
std::string graph_text(const model::Machine& machine, const Compiled& compiled, const std::string& format);

// By the name of the file: ".dot" and ".json"; everything else is SVG.
std::string graph_format(const std::string& output);

// The whole command: compiles, draws, writes `output` or, where that is empty, prints. Returns the exit status.
struct GraphOptions {
    std::string file;
    std::string output;
    std::string format;   // empty: by the name of the output
    std::string machine;  // empty: the only one
    std::string color = "auto";
};
int draw_graph(const GraphOptions& options);

}  // namespace nyx::driver

// The topology of a machine, or of all machines of a file by their hosts: `nyxc graph` and `nyxc emit graph`.
#pragma once

#include <string>

namespace nyx::driver {

// The whole command: compiles, draws, writes `output` or, where that is empty, prints. Returns the exit status.
struct GraphOptions {
    std::string file;
    std::string output;
    std::string format;   // empty: by the name of the output
    std::string machine;  // empty: the only one, or all of several
    std::string color = "auto";
};
int draw_graph(const GraphOptions& options);

}  // namespace nyx::driver

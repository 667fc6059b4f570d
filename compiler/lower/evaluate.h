// The build stage: runs a program up to the first `.run()` and hands over the machines that it describes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/lower/lower.h"
#include "runtime/script/interpreter.h"

namespace nyx::lower {

// The configurations and their values belong to `interpreter`, which also evaluates their requirements
// (Interpreter::call_with_fields). The Program must outlive it.
struct BuildResult {
    std::unique_ptr<script::Interpreter> interpreter;
    std::vector<const script::MachineConfig*> machines;  // in order, those of stdlib among them
    std::vector<const script::MachineConfig*> hosts;
    // The machine on which the script called `.run()`; null when it called none. What follows the call is the run
    // stage's.
    const script::MachineConfig* run = nullptr;
    // What the script wants and this build does not have: the settings of its machines, and calls, after which the
    // stage went on as if they had given nothing. To check a script they do not matter; what is built must have none.
    std::vector<script::ScriptError> missing;
    std::string output;  // what print wrote
};

// Hermetic and bounded. An error of the script is one diagnostic with its trace, and the run goes on with what does not
// depend on the statement that failed (Interpreter::on_mistake). A program that is not clean is evaluated in the same
// way, without output and within fewer steps. known: whether a mistake at this place was reported before the program
// ran; the run is silent about it.
using KnownMistake = std::function<bool(Span)>;
BuildResult evaluate(const Program& program, diagnostics::Sink& sink, const script::Limits& limits = {},
                     const KnownMistake& known = {});

// Reports what a script did wrong.
void report_script_error(const script::ScriptError& error, const script::Program& program, diagnostics::Sink& sink);

}  // namespace nyx::lower

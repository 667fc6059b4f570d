// The build stage: runs a program up to the first `.run()` and hands over the machines that it describes.
#pragma once

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
    // The machine on which the script called `.run()`; null when it called none. What follows the call is the run
    // stage's.
    const script::MachineConfig* run = nullptr;
    std::string output;  // what print wrote
};

// Hermetic and bounded. An error of the script is one diagnostic with its trace. A program that is not clean is
// evaluated for its machines only: it prints nothing, and an error in it is taken for a consequence of what was
// reported.
BuildResult evaluate(const Program& program, diagnostics::Sink& sink, const script::Limits& limits = {});

// Reports what a script did wrong.
void report_script_error(const script::ScriptError& error, const script::Program& program, diagnostics::Sink& sink);

}  // namespace nyx::lower

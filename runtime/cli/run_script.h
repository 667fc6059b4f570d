// The run stage of a script: the bytecode of the bundle once more, with `.run()` bound to a real run.
//
// The build stage ended at `.run()`; here the guest runs there, its exit status is the value of the call, and the
// statements after it go on. A file without `.run()` is executed for its machine's handlers, and then the machine runs.
// The script is bounded as in the build stage; the guest's run is not counted.
#pragma once

#include "runtime/cli/run_machine.h"

namespace nyx::cli {

// bundle has a section "script". Errors: corrupt bytecode, a mistake of the script (with its place), or those of
// run_machine.
Result<RunResult> run_script(const plan::Bundle& bundle, const RunOptions& options);

}  // namespace nyx::cli

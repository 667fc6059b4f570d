// One test of a machine, run: what it can do beside reading the machine's fields, and how it ended.
//
//   boot()                              starts the machine; a test boots once
//   send("text")                        to its serial line
//   expect(condition, "message")        on the machine, before or after it boots
//   expect.serial("text", within: 10 s) expect.exit(code, within: 10 s) expect.poweroff(within: 10 s)
//   expect.http(8080, status: 200, path: "/", body: "text", within: 10 s)   a port that the machine forwards
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/model/machine.h"
#include "compiler/place/place.h"
#include "compiler/source/source_map.h"
#include "compiler/testing/guest.h"
#include "runtime/script/interpreter.h"

namespace nyx::testing {

enum class Outcome { kPassed, kFailed, kRefused };

struct Report {
    Outcome outcome = Outcome::kPassed;
    std::string message;              // what was expected, what came instead
    Span where;                       // of the expectation that failed
    std::vector<std::string> parts;   // "`memory` is 64 MiB"
    std::vector<std::string> serial;  // the last lines of a guest's serial line
    std::string errors;               // what nyx said
};

// Starts the machine that is tested.
using Boot = std::function<Result<std::unique_ptr<Guest>>()>;

// Runs it; a guest that it booted has ended when this returns.
Report run_test(script::Interpreter& interpreter, const script::Test& test, const model::Machine& machine,
                const place::PlacedMachine& placed, const source::SourceMap& sources, const Boot& boot);

}  // namespace nyx::testing

// Runs the tests of a device through devices/described: once as they stand, and once with the device saved and restored
// into a new one after every statement.
#pragma once

#include <string>
#include <vector>

#include "compiler/device/compile.h"

namespace nyx::device {

struct TestResult {
    std::string title;
    Span where;  // of the test
    bool has_passed = true;
    Span failed;                     // of the step that failed
    std::string message;             // "this does not hold", and why
    std::vector<std::string> notes;  // "read(rbr) is 0x41"
};

TestResult run_test(const CompiledDevice& device, const DeviceTest& test);

}  // namespace nyx::device

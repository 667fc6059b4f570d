// Every device of the catalog compiles, and its tests pass, also with a save and restore after every statement.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>

#include "catalog.h"
#include "compiler/device/run_tests.h"
#include "devices/ir/verify.h"

using namespace nyx;

namespace {

// NYX_DEVICE_FILE: only the text of that name.
bool is_wanted(const std::filesystem::path& path) {
    const char* only = std::getenv("NYX_DEVICE_FILE");
    return only == nullptr || path.stem() == only;
}

std::string failures(const stdlib::DeviceFile& file, const device::CompiledDevice& made) {
    std::string all;
    for (const device::DeviceTest& test : made.tests) {
        const device::TestResult result = device::run_test(made, test);
        if (result.has_passed) continue;
        all += fmt::format("{} {}: {}", file.place(result.failed), result.title, result.message);
        for (const std::string& note : result.notes) all += "; " + note;
        all += "\n";
    }
    return all;
}

}  // namespace

TEST_CASE("the devices of the catalog compile, and their tests pass") {
    for (const std::filesystem::path& path : stdlib::device_files()) {
        if (!is_wanted(path)) continue;
        const std::string name = path.filename().string();
        CAPTURE(name);
        const stdlib::DeviceFile file(path);
        CHECK(file.mistakes == "");
        for (const device::CompiledDevice& made : file.devices) {
            CHECK_FALSE(made.program.doc.empty());
            CHECK_FALSE(made.tests.empty());
            CHECK(dev::ir::verify(made.program));
            CHECK(failures(file, made) == "");
        }
    }
}

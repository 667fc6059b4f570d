// tests/golden/script/*.ny: what a line prints stands behind it as `#> text`; an uncaught error as `#! NY0301` on the
// line that it points at. A file is run twice: from the tree, and again from its encoded bytes.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "run_script.h"
#include "runtime/base/file.h"

using namespace nyx;
namespace fs = std::filesystem;

namespace {

struct Expected {
    std::string output;
    std::vector<std::string> errors;  // "NY0301 at line 4"
};

Expected expectations(const std::string& text) {
    Expected expected;
    std::size_t begin = 0;
    for (int number = 1; begin < text.size(); ++number) {
        std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string line = text.substr(begin, end - begin);
        if (std::size_t at = line.find("#> "); at != std::string::npos) expected.output += line.substr(at + 3) + "\n";
        if (std::size_t at = line.find("#! "); at != std::string::npos) {
            expected.errors.push_back(fmt::format("{} at line {}", line.substr(at + 3, 6), number));
        }
        begin = end + 1;
    }
    return expected;
}

void run_again_from_bytes(const test::Ran& first) {
    Bytes bytes = script::encode(first.program.code);
    auto decoded = script::decode(bytes);
    REQUIRE(decoded);
    CHECK(script::encode(*decoded) == bytes);
    auto interpreter = script::Interpreter::create(*decoded, script::standard_natives());
    REQUIRE(interpreter);
    std::string output;
    (*interpreter)->on_print([&output](std::string_view part) { output += part; });
    (void)(*interpreter)->run();
    CHECK(output == first.output);
}

}  // namespace

TEST_CASE("golden scripts print what they say") {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(NYX_GOLDEN_SCRIPTS)) {
        if (entry.path().extension() == ".ny") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    REQUIRE(files.size() >= 10);
    for (const fs::path& path : files) {
        INFO(path.filename().string());
        auto bytes = read_file(path.string());
        REQUIRE(bytes);
        std::string text(as_text(*bytes));
        Expected expected = expectations(text);
        lower::FileLoader loader(NYX_STDLIB);
        auto ran = test::run_script(text, loader, {}, path.string());
        std::vector<std::string> errors;
        for (const diagnostics::Diagnostic& one : ran->sink.sorted()) {
            source::Position at = ran->sources->position(one.primary.span.file, one.primary.span.begin);
            errors.push_back(fmt::format("{} at line {}", diagnostics::code_text(one.code), at.line));
            INFO(one.message);
            bool wanted =
                std::find(expected.errors.begin(), expected.errors.end(), errors.back()) != expected.errors.end();
            CHECK_MESSAGE(wanted, errors.back());
        }
        CHECK(errors.size() == expected.errors.size());
        CHECK(ran->output == expected.output);
        if (ran->program.clean) run_again_from_bytes(*ran);
    }
}

// No false errors: what runs is not complained about.
#include <doctest/doctest.h>

#include <filesystem>

#include "analyzed.h"
#include "runtime/base/file.h"

using namespace nyx;
namespace fs = std::filesystem;

namespace {

// Findings at lines that are not marked with `#!`, as "file:line code".
std::string unexpected(const fs::path& path) {
    auto bytes = read_file(path.string());
    REQUIRE(bytes);
    auto code = test::analyzed(std::string(as_text(*bytes)), path.string());
    std::string out;
    for (const diagnostics::Diagnostic& one : code->sink.sorted()) {
        if (one.severity != diagnostics::Severity::kError) continue;
        source::Position at = code->sources.position(one.primary.span.file, one.primary.span.begin);
        if (code->sources.line(one.primary.span.file, at.line).find("#! ") != std::string_view::npos) continue;
        out += fmt::format("{}:{} {} {}\n", path.filename().string(), at.line, diagnostics::code_text(one.code),
                           one.message);
    }
    return out;
}

}  // namespace

TEST_CASE("programs that run have no errors") {
    std::size_t seen = 0;
    for (const char* folder : {"/tests/golden/script", "/examples", "/bench/script", "/tests/conformance/programs"}) {
        fs::path root = std::string(NYX_SOURCE) + folder;
        if (!fs::exists(root)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            if (entry.path().extension() != ".ny") continue;
            CHECK(unexpected(entry.path()) == "");
            ++seen;
        }
    }
    CHECK(seen > 15);
}

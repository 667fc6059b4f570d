// Whatever the bytes, an importer gives a machine that can be written as Nyx, or mistakes inside the text.
#include "compiler/interchange/import.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "compiler/diagnostics/console.h"
#include "compiler/syntax/parser.h"
#include "runtime/base/file.h"

namespace nyx::interchange {

namespace {

const std::vector<std::string> kFeatures = {"sse3", "sse4_1", "sse4_2", "avx2", "pcid", "vmx", "aes"};

struct Source {
    Format format;
    std::string text;
};

std::vector<Source> corpus() {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(NYX_IMPORT_CORPUS)) paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    std::vector<Source> sources;
    for (const auto& path : paths) {
        if (path.extension() == ".expected") continue;
        std::string text(as_text(*read_file(path.string())));
        auto format = recognize(text);
        REQUIRE(format.has_value());
        sources.push_back({*format, text});
    }
    REQUIRE(sources.size() >= 5);
    return sources;
}

void must_hold(Format format, const std::string& text) {
    source::SourceMap sources;
    diagnostics::Sink sink;
    std::uint32_t file = sources.add("mutant", text);
    auto machine = import_machine(sources, file, format, kFeatures, sink);
    CHECK(machine.has_value() != sink.has_errors());
    for (const auto& diagnostic : sink.all()) {
        CHECK(diagnostic.primary.span.begin <= diagnostic.primary.span.end);
        CHECK(diagnostic.primary.span.end <= text.size());
        diagnostics::console_text(sources, diagnostic, false);
    }
    if (!machine) return;
    source::SourceMap written;
    diagnostics::Sink mistakes;
    syntax::parse(written, written.add("written.ny", source_of(*machine, format, "mutant")), mistakes);
    CHECK_MESSAGE(!mistakes.has_errors(), text);
}

std::string mutated(std::string text, std::mt19937& dice) {
    static const std::vector<std::string> kPieces = {"<",  ">",  "\"", "'",   "\\",   "{",    "}",    ",",  "0x",
                                                     "-1", "$(", "\n", "]]>", "<!--", "&#0;", "\xFF", "NaN"};
    for (std::size_t count = 1 + dice() % 6; count > 0 && !text.empty(); --count) {
        std::size_t at = dice() % text.size();
        switch (dice() % 4) {
            case 0:
                text[at] = static_cast<char>(dice() % 256);
                break;
            case 1:
                text.erase(at, 1 + dice() % 60);
                break;
            case 2:
                text.insert(at, text.substr(at, 1 + dice() % 100));
                break;
            default:
                text.insert(at, kPieces[dice() % kPieces.size()]);
        }
    }
    return text;
}

}  // namespace

TEST_CASE("mutations of the corpus are a machine or mistakes") {
    std::mt19937 dice(7);
    const char* wanted = std::getenv("NYX_IMPORT_ROUNDS");
    int rounds = wanted ? std::atoi(wanted) : 300;
    for (const Source& source : corpus()) {
        for (int i = 0; i < rounds; ++i) must_hold(source.format, mutated(source.text, dice));
    }
}

TEST_CASE("a text of one format is no crash in another") {
    for (const Source& source : corpus())
        for (Format format : {Format::kLibvirt, Format::kFirecracker, Format::kQemu}) must_hold(format, source.text);
}

TEST_CASE("depth has an end in every format") {
    std::string xml = "<domain>";
    for (int i = 0; i < 200'000; ++i) xml += "<a>";
    must_hold(Format::kLibvirt, xml);
    must_hold(Format::kFirecracker, std::string(200'000, '['));
    must_hold(Format::kQemu, "qemu-system-x86_64 " + std::string(200'000, '('));
}

}  // namespace nyx::interchange

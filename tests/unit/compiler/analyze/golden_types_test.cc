// tests/golden/types/*.ny: `#: name: type; name: type` behind a line, of the first place of each name in it.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "analyzed.h"
#include "runtime/base/file.h"

using namespace nyx;
namespace fs = std::filesystem;

namespace {

std::string trimmed(std::string text) {
    text.erase(0, text.find_first_not_of(' '));
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

std::string found_type(const test::Analyzed& code, std::uint32_t begin, std::uint32_t end, const std::string& name) {
    for (const analyze::Reference& one : code.model.references_in(code.file)) {
        if (one.span.begin < begin || one.span.end > end || code.sources.text(one.span) != name) continue;
        analyze::Type type = code.model.symbol(one.symbol).type;
        return (type.is_guess() ? "~" : "") + code.model.text(type);
    }
    return "no such name";
}

void check_line(const test::Analyzed& code, const std::string& text, std::size_t begin, std::size_t end) {
    std::size_t mark = text.find("#: ", begin);
    if (mark == std::string::npos || mark >= end) return;
    std::string rest = text.substr(mark + 3, end - mark - 3) + ";";
    for (std::size_t at = 0, stop = 0; (stop = rest.find(';', at)) != std::string::npos; at = stop + 1) {
        std::string part = trimmed(rest.substr(at, stop - at));
        std::size_t colon = part.find(": ");
        REQUIRE(colon != std::string::npos);
        std::string name = part.substr(0, colon);
        INFO(text.substr(begin, mark - begin));
        CHECK_MESSAGE(found_type(code, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(mark), name) ==
                          trimmed(part.substr(colon + 2)),
                      name);
    }
}

}  // namespace

TEST_CASE("names have the types that stand beside them") {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(std::string(NYX_SOURCE) + "/tests/golden/types")) {
        if (entry.path().extension() == ".ny") files.push_back(entry.path());
    }
    REQUIRE(files.size() >= 5);
    for (const fs::path& path : files) {
        INFO(path.filename().string());
        auto bytes = read_file(path.string());
        REQUIRE(bytes);
        std::string text(as_text(*bytes));
        auto code = test::analyzed(text, path.string());
        for (std::size_t begin = 0; begin < text.size();) {
            std::size_t end = std::min(text.find('\n', begin), text.size());
            check_line(*code, text, begin, end);
            begin = end + 1;
        }
        if (path.stem() != "mistakes") CHECK(code->findings() == "");
    }
}

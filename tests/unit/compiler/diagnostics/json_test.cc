#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "compiler/diagnostics/json.h"

using namespace nyx;
using namespace nyx::diagnostics;
using nlohmann::json;

namespace {

struct Fixture {
    source::SourceMap sources;
    Sink sink;
    Fixture() {
        std::uint32_t file = sources.add("a b.ny", "ä = 1\nbad\n");
        sink.report(Code::kSyntax, {file, 7, 10}, "a \"message\"", "label")
            .label({file, 0, 2}, "there")
            .note("n")
            .help("h")
            .fix({"mend it", Applicability::kMachineApplicable, {{{file, 7, 10}, "good"}}});
        sink.report(Code::kNoConsole, {}, "no place \xff");
    }
};

}  // namespace

TEST_CASE("JSON lines") {
    Fixture fixture;
    std::string line = json_line(fixture.sources, fixture.sink.all()[0]);
    CHECK(line.find('\n') == line.size() - 1);
    json object = json::parse(line);
    CHECK(object["code"] == "NY0101");
    CHECK(object["severity"] == "error");
    CHECK(object["file"] == "a b.ny");
    CHECK(object["line"] == 2);
    CHECK(object["column"] == 1);
    CHECK(object["end_column"] == 4);
    CHECK(object["labels"][0]["end_column"] == 2);
    CHECK(object["fixes"][0]["applicability"] == "machine-applicable");
    CHECK(object["fixes"][0]["edits"][0]["replacement"] == "good");
    CHECK(!json::parse(json_line(fixture.sources, fixture.sink.all()[1])).contains("file"));
}

TEST_CASE("SARIF has what the standard requires of a log") {
    Fixture fixture;
    json log = json::parse(sarif_log(fixture.sources, fixture.sink.all(), "1.2.3"));
    CHECK(log["version"] == "2.1.0");
    json run = log["runs"][0];
    CHECK(run["tool"]["driver"]["name"] == "nyxc");
    CHECK(run["tool"]["driver"]["rules"].size() == 2);
    json result = run["results"][0];
    CHECK(result["ruleId"] == "NY0101");
    CHECK(result["level"] == "error");
    json where = result["locations"][0]["physicalLocation"];
    CHECK(where["artifactLocation"]["uri"] == "a%20b.ny");
    CHECK(where["region"]["startLine"] == 2);
    CHECK(where["region"]["endColumn"] == 4);
    CHECK(result["relatedLocations"][0]["message"]["text"] == "there");
    CHECK(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "good");
    CHECK(run["results"][1]["level"] == "warning");
    CHECK(!run["results"][1].contains("locations"));
    CHECK(json::parse(sarif_log(fixture.sources, {}, "1"))["runs"][0]["results"].empty());
}

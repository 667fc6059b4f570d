// What a schema no longer recommends: the warning, its fix, and that a former name means the name of today. NY0515.
#include <doctest/doctest.h>

#include "fixture.h"

namespace nyx::check {

namespace {

using Strings = std::vector<std::string>;

constexpr const char* kGadget =
    "schema gadget : device {\n"
    "    level: int(1..9) = 1 \"\"\"How much.\"\"\"\n"
    "    amount @deprecated(since: \"0.3\", use: level)\n"
    "    mode: one_of(fast, slow, old) = fast @deprecated(quick, since: \"0.2\", use: fast)"
    " @deprecated(old, since: \"0.3\", help: \"use slow and a smaller level\")\n"
    "    extra: bool = false @deprecated(since: \"0.3\", help: \"leave it out\")\n"
    "}\n"
    "schema widget : device @deprecated(since: \"0.3\", use: gadget) { }\n";

std::string machine(const std::string& devices) {
    return "machine m {\n    boot = elf(\"k\")\n    " + devices + "\n}\n";
}

const FieldSpec& field(const Program& program, const char* name) {
    return *program.schemas.find("gadget")->find(name);
}

}  // namespace

TEST_CASE("a former name of a field is said and means the field") {
    Program program(machine("gadget g { amount = 20 }"), {kGadget});
    program.check();
    CHECK(program.findings() == Strings{"NY0515 3:16", "NY0504 3:25"});
    const auto finding = program.sink.sorted().front();
    CHECK(finding.severity == diagnostics::Severity::kWarning);
    CHECK(finding.message == "`amount` is deprecated since 0.3");
    CHECK(finding.helps == Strings{"its name is `level` now"});
    REQUIRE(finding.fixes.size() == 1);
    CHECK(finding.fixes[0].applicability == diagnostics::Applicability::kMachineApplicable);
    CHECK(finding.fixes[0].edits[0].replacement == "level");
    CHECK(program.text(finding.fixes[0].edits[0].span) == "amount");
}

TEST_CASE("a field and its former name are one field") {
    Program program(machine("gadget g { level = 2; amount = 3 }"), {kGadget});
    program.check();
    CHECK(program.findings() == Strings{"NY0506 3:27", "NY0515 3:27"});
}

TEST_CASE("choices") {
    Program former(machine("gadget g { mode = quick }"), {kGadget});
    former.check();
    CHECK(former.findings() == Strings{"NY0515 3:23"});
    CHECK(former.sink.all()[0].fixes[0].edits[0].replacement == "fast");
    Program old(machine("gadget g { mode = old }"), {kGadget});
    old.check();
    CHECK(old.findings() == Strings{"NY0515 3:23"});
    CHECK(old.sink.all()[0].fixes.empty());
    CHECK(old.sink.all()[0].helps == Strings{"use slow and a smaller level"});
}

TEST_CASE("a field without another in its place, and a former name of a device") {
    Program program(machine("widget g { extra = true }"), {kGadget});
    program.check();
    CHECK(program.findings() == Strings{"NY0515 3:5", "NY0515 3:16"});
    CHECK(program.sink.sorted()[0].fixes[0].edits[0].replacement == "gadget");
    CHECK(program.schemas.member("device", "widget") == program.schemas.find("gadget"));
    Strings types = program.schemas.member_names("device");
    CHECK(std::find(types.begin(), types.end(), "widget") == types.end());
    CHECK(field(program, "extra").deprecated->text() == "since 0.3: leave it out");
}

TEST_CASE("a deprecation that says too little, or names nothing, is a mistake of the schema") {
    Program bad("", {"schema gadget : device {\n a: bool = true @deprecated(since: \"1\")\n"
                     " b @deprecated(since: \"1\", use: nothing)\n"
                     " c: one_of(x, y) = x @deprecated(z, since: \"1\", use: w)\n"
                     " d: bool = true @obsolete\n"
                     " e: bool = true @deprecated(since: \"1\", use: a)\n}\n"
                     "schema widget : device @deprecated(since: \"1\", use: nothing) { }\n"});
    CHECK(bad.findings() ==
          Strings{"NY0513 2:17", "NY0513 3:4", "NY0513 4:22", "NY0513 5:17", "NY0513 6:17", "NY0513 8:24"});
}

}  // namespace nyx::check

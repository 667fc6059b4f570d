#include "runtime/plan/programs.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "devices/ir/program_json.h"
#include "devices/ir/verify.h"
#include "runtime/plan/bundle.h"
#include "runtime/plan/plan_json.h"
#include "tests/unit/devices/described/generated_program.h"
#include "tests/unit/devices/described/made_programs.h"
#include "tests/unit/runtime/plan/sample_plan.h"

using namespace nyx;
using namespace nyx::plan;
using dev::ir::Program;

namespace {

std::vector<Program> sample_programs() {
    return {dev::ir::all_kinds(), dev::ir::small_uart()};
}

// The sample machine with a device of each of the two.
BundleContents contents_with_programs() {
    BundleContents contents = sample_contents();
    contents.plan.devices.push_back({"kinds", "all_kinds", {}, {{0xFEB10000, 64}}, {}, {}});
    contents.plan.devices.push_back({"uart", "small_uart", {{0x2F8, 8}}, {}, {3}, {}});
    contents.programs = sample_programs();
    name_programs(contents.plan, contents.programs);
    return contents;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    REQUIRE_MESSAGE(at != std::string::npos, what);
    return text.replace(at, what.size(), by);
}

std::string refusal(const std::string& text) {
    auto programs = dev::ir::parse_programs(text);
    REQUIRE(!programs);
    CHECK(programs.error().code == ErrorCode::kCorrupt);
    return programs.error().text();
}

void check_refused(BundleContents contents, const std::string& part) {
    // The writer refuses as well; what it would write of such contents is made from the parts.
    CHECK(!write_bundle(contents));
    Status fits = check_programs(contents.plan, contents.programs);
    REQUIRE(!fits);
    INFO(fits.error().message);
    CHECK(fits.error().message.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("programs survive their text, and equal programs have equal texts") {
    std::mt19937_64 random(7);
    std::vector<Program> programs = sample_programs();
    for (int i = 0; i < 50; ++i) {
        programs.push_back(dev::ir::generated_program(random));
        programs.back().name = fmt::format("generated{:03}", i);
    }
    std::ranges::sort(programs, {}, &Program::name);
    const std::string text = dev::ir::canonical_json(programs);
    auto read = dev::ir::parse_programs(text);
    REQUIRE_MESSAGE(read, read.error().text());
    CHECK(*read == programs);
    CHECK(dev::ir::canonical_json(*read) == text);
}

TEST_CASE("a bundle carries the programs that its plan names") {
    auto bytes = write_bundle(contents_with_programs());
    REQUIRE_MESSAGE(bytes, bytes.error().message);
    auto bundle = Bundle::read(*bytes, "web.nyxb");
    REQUIRE_MESSAGE(bundle, bundle.error().message);
    CHECK(bundle->programs() == sample_programs());
    CHECK(bundle->plan().programs.at("small_uart") == program_digest(dev::ir::small_uart()));
    BundleContents other = contents_with_programs();
    other.programs[1].registers[0].reset = 13;
    other.plan.programs.clear();
    name_programs(other.plan, other.programs);
    CHECK(plan_hash(other.plan) != bundle->plan_hash());
}

TEST_CASE("a plan without programs has no section for them and the hash that it always had") {
    CHECK(canonical_json(sample_plan()).find("\"format\":1,") != std::string::npos);
    CHECK(canonical_json(contents_with_programs().plan).find("\"format\":2,") != std::string::npos);
    auto bytes = write_bundle(sample_contents());
    REQUIRE(bytes);
    CHECK(!Bundle::read(*bytes, "web.nyxb")->section("devices"));
}

TEST_CASE("code stands beside programs, in the order of its levels, and nowhere else") {
    BundleContents contents = contents_with_programs();
    contents.code = {{"x86-64-v3", {3}}, {"x86-64-v1", {1, 1}}};
    auto bytes = write_bundle(contents);
    REQUIRE_MESSAGE(bytes, bytes.error().message);
    auto bundle = Bundle::read(*bytes, "web.nyxb");
    REQUIRE_MESSAGE(bundle, bundle.error().message);
    CHECK(bundle->section("code:x86-64-v1")->size() == 2);
    CHECK(bundle->section("code:x86-64-v3")->size() == 1);
    CHECK(!bundle->section("code:x86-64-v2"));
    contents.code = {{"x86-64-v9", {9}}};
    CHECK(!write_bundle(contents));
    BundleContents bare = sample_contents();
    bare.code = {{"x86-64-v1", {1}}};
    CHECK(!write_bundle(bare));
}

TEST_CASE("a plan's list of programs is checked") {
    const std::string text = canonical_json(contents_with_programs().plan);
    REQUIRE(parse_plan(text));
    CHECK(!parse_plan(replaced(text, "\"all_kinds\":\"", "\"all_kinds\":\"0")));
    CHECK(!parse_plan(replaced(text, "\"programs\":{\"all_kinds\"", "\"programs\":{\"all_kings\"")));
    CHECK(!parse_plan(replaced(text, "\"format\":2", "\"format\":1")));
    CHECK(!parse_plan(replaced(text, "\"format\":2", "\"format\":3")));
    std::string none = canonical_json(sample_plan());
    CHECK(!parse_plan(replaced(none, "\"format\":1", "\"format\":2")));
}

TEST_CASE("programs that do not fit their plan are refused") {
    auto with = [](auto change) {
        BundleContents contents = contents_with_programs();
        change(contents);
        return contents;
    };
    check_refused(with([](auto& c) { c.programs.pop_back(); }), "1 programs; the plan names 2");
    check_refused(with([](auto& c) { c.programs[0].title = "changed"; }), "is not the one that the plan names");
    auto rename = [](BundleContents& c) {
        c.plan.programs.clear();
        name_programs(c.plan, c.programs);
    };
    auto fits = [&](auto change) {
        BundleContents contents = with(change);
        rename(contents);
        Status status = check_programs(contents.plan, contents.programs);
        REQUIRE(!status);
        return status.error().message;
    };
    CHECK(fits([](auto& c) { c.plan.devices[2].mmio[0].size = 32; }) ==
          "device 'kinds' has not the regions that its program wants");
    CHECK(fits([](auto& c) { c.plan.devices[3].gsis.clear(); }) ==
          "device 'uart' has 0 interrupt lines, its program 1");
    CHECK(fits([](auto& c) {
              c.programs[0].banks.push_back({"ports", dev::ir::Space::kPio, 4});
              c.plan.devices[2].pio = {{0x100, 4}};
          }) == "program 'all_kinds' has ports behind memory");
}

TEST_CASE("the text of programs is refused with the place of what is wrong") {
    const std::string text = dev::ir::canonical_json(sample_programs());
    CHECK(refusal("[]").find("an object belongs") != std::string::npos);
    CHECK(refusal("{\"format\":1,\"programs\":[]}").find("0 programs") != std::string::npos);
    CHECK(refusal(replaced(text, "\"format\":1", "\"format\":2")).find("format") != std::string::npos);
    CHECK(refusal(replaced(text, "\"Add\"", "\"Sum\"")).find("'Sum' is not known") != std::string::npos);
    CHECK(refusal(replaced(text, "\"width\":4", "\"width\":400")).find("registers[0].width") != std::string::npos);
    CHECK(refusal(replaced(text, "\"width\":4", "\"width\":3")).find("3 bytes wide") != std::string::npos);
    CHECK(refusal(replaced(text, "\"width\":4", "\"depth\":4")).find("is not a key") != std::string::npos);
    CHECK(refusal(replaced(text, "all_kinds", "zz")).find("is not in order") != std::string::npos);
    CHECK(refusal(replaced(text, "all_kinds", "\\u001b[2J")).find("control characters") != std::string::npos);
    CHECK(refusal(replaced(text, "{\"count\"", "{ \"count\"")).find("canonical") != std::string::npos);
    CHECK(refusal(std::string(dev::ir::kMaxProgramsText + 1, ' ')).find("at most") != std::string::npos);
}

TEST_CASE("no cut and no mutation of the text of programs gets past the check") {
    const std::string text = dev::ir::canonical_json(sample_programs());
    for (std::size_t size = 0; size < text.size(); ++size) CHECK(!dev::ir::parse_programs(text.substr(0, size)));
    std::mt19937 random(3);
    const std::string_view kParts[] = {"0",  "9",  "-1",   "4294967295", "18446744073709551615",
                                       "[]", "{}", "null", "\"x\""};
    unsigned accepted = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string changed = text;
        const std::size_t digit = changed.find_first_of("0123456789", random() % changed.size());
        if (digit == std::string::npos) continue;
        changed.replace(digit, 1, kParts[random() % std::size(kParts)]);
        if (random() % 4 == 0) changed[random() % changed.size()] = static_cast<char>(random() % 96 + 32);
        auto programs = dev::ir::parse_programs(changed);
        if (!programs) continue;
        ++accepted;
        for (const Program& program : *programs) CHECK(dev::ir::verify(program));
        CHECK(dev::ir::canonical_json(*programs) == changed);
    }
    CHECK(accepted > 0);  // some numbers may be others
}

TEST_CASE("a bundle with programs is refused with any one byte changed or cut") {
    auto bytes = write_bundle(contents_with_programs());
    REQUIRE(bytes);
    for (std::size_t at = 0; at < bytes->size(); ++at) {
        Bytes changed = *bytes;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ 0x11);
        REQUIRE_MESSAGE(!Bundle::read(changed, "web.nyxb"), "byte " << at);
        changed = Bytes(bytes->begin(), bytes->begin() + static_cast<std::ptrdiff_t>(at));
        REQUIRE(!Bundle::read(changed, "web.nyxb"));
    }
}

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "runtime/plan/plan_json.h"
#include "tests/unit/runtime/plan/sample_plan.h"

using namespace nyx;
using namespace nyx::plan;

namespace {

// The sample's JSON with one value replaced, in canonical form.
std::string with(const char* pointer, const nlohmann::json& value) {
    auto document = nlohmann::json::parse(canonical_json(sample_plan()));
    document[nlohmann::json::json_pointer(pointer)] = value;
    return document.dump();
}

std::string complaint(const std::string& text) {
    auto plan = parse_plan(text);
    return plan ? "accepted" : plan.error().message;
}

bool mentions(const std::string& text, const std::string& part) {
    INFO(text);
    bool found = text.find(part) != std::string::npos;
    CHECK(found);
    return found;
}

}  // namespace

TEST_CASE("a plan survives its JSON, and equal plans have equal text and hash") {
    std::string text = canonical_json(sample_plan());
    auto plan = parse_plan(text);
    REQUIRE_MESSAGE(plan, plan.error().message);
    CHECK(canonical_json(*plan) == text);
    CHECK(plan_hash(*plan) == plan_hash(sample_plan()));
    CHECK(plan->find_device("disk")->mmio[0] == Range{0xFEB00000, 0x1000});
    CHECK(std::get<double>(plan->find_type("virtio-blk")->settings.at("scale")) == 0.5);
    CHECK(plan->find_window("vga"));
    CHECK(!plan->find_window("nothing"));
}

TEST_CASE("every part of the plan takes part in the hash") {
    Digest hash = plan_hash(sample_plan());
    MachinePlan changed = sample_plan();
    changed.devices[0].gsis[0] = 3;
    CHECK(plan_hash(changed) != hash);
    changed = sample_plan();
    changed.images[0].digest[0] ^= 1;
    CHECK(plan_hash(changed) != hash);
    changed = sample_plan();
    changed.boot.cmdline += " ";
    CHECK(plan_hash(changed) != hash);
}

TEST_CASE("what is not a plan is refused with its place") {
    CHECK(complaint("") == "not JSON");
    CHECK(complaint("{}x") == "not JSON");
    mentions(complaint("[]"), "a list where an object belongs");
    mentions(complaint(std::string(100000, '[')), "nested deeper");
    mentions(complaint(std::string(5 << 20, ' ')), "at most");
    mentions(complaint(with("/surprise", 1)), "surprise: is not a key");
    mentions(complaint(with("/devices/0/surprise", 1)), "devices[0].surprise: is not a key");
    mentions(complaint(with("/devices/1/mmio/0/base", "x")),
             "devices[1].mmio[0].base: a text where a whole number belongs");
    mentions(complaint(with("/cpu/count", -1)), "cpu.count");
    mentions(complaint(with("/cpu/count", 1e3)), "cpu.count");
    mentions(complaint(with("/cpu/bits/0/reg", "ab")), "register");
    mentions(complaint(with("/boot/protocol", "smoke")), "boot.protocol: 'smoke' is not known");
    mentions(complaint(with("/boot/initrd", 7)), "boot.initrd");
    mentions(complaint(with("/format", 2)), "programs: is missing");
    mentions(complaint(with("/format", 3)), "format: is above 2");
    mentions(complaint(with("/images/0/sha256", "00")), "images[0].sha256");
    mentions(complaint(with("/devices/0/settings/baud", nullptr)), "devices[0].settings.baud");
    mentions(complaint(with("/devices/0/settings/baud", 18446744073709551615u)), "devices[0].settings.baud");
}

TEST_CASE("only the one canonical text is accepted") {
    std::string text = canonical_json(sample_plan());
    mentions(complaint(" " + text), "canonical");
    mentions(complaint(readable_json(sample_plan())), "canonical");
    std::string twice = text;
    twice.insert(1, "\"acpi\":false,");
    mentions(complaint(twice), "canonical");
}

TEST_CASE("a wiring survives its JSON") {
    HostWiring wiring{
        {"com1", {{"backend", std::string("file")}, {"path", std::string("out.log")}, {"limit", std::int64_t{-1}}}}};
    auto parsed = parse_wiring(canonical_json(wiring));
    REQUIRE(parsed);
    CHECK(*parsed == wiring);
    CHECK(!parse_wiring("[]"));
    CHECK(!parse_wiring("{\"com1\":[]}"));
    CHECK(!parse_wiring("{\"com 1\":{}}"));
    CHECK(!parse_wiring("{\"a\":{},\"a\":{}}"));
}

TEST_CASE("preferences survive their JSON, and what nobody could prefer is refused") {
    for (const RunPreferences& preferences :
         {RunPreferences{"soft", ""}, RunPreferences{"kvm", "user"}, RunPreferences{"", "kernel"}}) {
        auto parsed = parse_preferences(canonical_json(preferences));
        REQUIRE(parsed);
        CHECK(*parsed == preferences);
    }
    for (const char* text : {"", "[]", "{}", "{\"accelerator\":\"hvf\"}", "{\"irqchip\":\"soft\"}",
                             "{\"accelerator\":1}", "{\"accelerator\":\"\"}", "{\"accelerator\":\"soft\",\"speed\":1}",
                             "{\"accelerator\": \"soft\"}", "{\"irqchip\":\"user\",\"accelerator\":\"kvm\"}"}) {
        INFO(text);
        CHECK(!parse_preferences(text));
    }
}

TEST_CASE("no text crashes the reader") {
    std::string text = canonical_json(sample_plan());
    for (std::size_t i = 0; i < text.size(); ++i) {
        CHECK(!parse_plan(text.substr(0, i)));
        std::string changed = text;
        changed[i] = static_cast<char>(changed[i] ^ 0x11);
        auto plan = parse_plan(changed);  // some changes give another valid plan
        if (plan) CHECK(canonical_json(*plan) == changed);
    }
}

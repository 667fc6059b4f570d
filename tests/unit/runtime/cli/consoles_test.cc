#include "runtime/cli/consoles.h"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>

#include "runtime/base/file.h"

using namespace nyx;
using namespace nyx::cli;

namespace {

// Two serial ports and what the bundle says about where each goes.
struct Fixture {
    plan::MachinePlan plan;
    plan::HostWiring wiring;
    std::string folder;

    Fixture() {
        for (const char* name : {"com1", "com2"}) {
            plan::DevicePlan device;
            device.name = name;
            device.type = "serial";
            plan.devices.push_back(device);
        }
        char name[] = "/tmp/nyx-consoles-XXXXXX";
        REQUIRE(::mkdtemp(name) != nullptr);
        folder = name;
    }
    ~Fixture() { std::filesystem::remove_all(folder); }

    void to_file(const char* device, const std::string& path) {
        wiring[device]["backend"] = std::string("file");
        wiring[device]["backend.path"] = path;
    }
    std::string text(const char* name) const {
        auto bytes = read_file(folder + "/" + name);
        return bytes ? std::string(as_text(*bytes)) : "(no file)";
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "each device writes to the file of its own wiring") {
    to_file("com1", folder + "/one");
    to_file("com2", folder + "/two");
    auto consoles = Consoles::open(plan, wiring, std::nullopt);
    REQUIRE(consoles);
    (*consoles)->output("com1").write(as_bytes("first"));
    (*consoles)->output("com2").write(as_bytes("second"));
    CHECK(!(*consoles)->uses_stdin());
    consoles->reset();
    CHECK(text("one") == "first");
    CHECK(text("two") == "second");
}

TEST_CASE_FIXTURE(Fixture, "--serial is for the first port, and the bundle's file stays untouched") {
    to_file("com1", folder + "/one");
    to_file("com2", folder + "/two");
    auto consoles = Consoles::open(plan, wiring, dev::parse_backend("file:" + folder + "/chosen").value());
    REQUIRE(consoles);
    (*consoles)->output("com1").write(as_bytes("first"));
    consoles->reset();
    CHECK(text("chosen") == "first");
    CHECK(text("one") == "(no file)");
    CHECK(text("two").empty());
}

TEST_CASE_FIXTURE(Fixture, "none drops, pty is announced") {
    wiring["com1"]["backend"] = std::string("none");
    wiring["com2"]["backend"] = std::string("pty");
    auto consoles = Consoles::open(plan, wiring, std::nullopt);
    REQUIRE(consoles);
    (*consoles)->output("com1").write(as_bytes("x"));
    REQUIRE((*consoles)->announcements().size() == 1);
    CHECK((*consoles)->announcements()[0].find("com2: pseudo-terminal /dev/pts/") == 0);
}

TEST_CASE_FIXTURE(Fixture, "wiring that names no place is refused, and so is --serial without a port") {
    wiring["com2"]["backend"] = std::string("file");
    auto refused = Consoles::open(plan, wiring, std::nullopt);
    REQUIRE(!refused);
    CHECK(refused.error().text().find("com2") != std::string::npos);
    CHECK(refused.error().text().find("path") != std::string::npos);
    wiring["com2"]["backend"] = std::string("smoke");
    CHECK(!Consoles::open(plan, wiring, std::nullopt));
    to_file("com2", folder + "/missing/two");
    CHECK(!Consoles::open(plan, wiring, std::nullopt));
    plan.devices.clear();
    CHECK(!Consoles::open(plan, wiring, dev::parse_backend("none").value()));
}

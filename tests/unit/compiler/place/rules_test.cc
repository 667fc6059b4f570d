#include <doctest/doctest.h>

#include "tests/unit/compiler/place/sample_machine.h"

using namespace nyx;
using namespace nyx::place;
using diagnostics::Code;

namespace {

void serve(model::Device& device, const std::string& backend, std::uint32_t place) {
    device.host["backend"] = {at<model::FieldValue>(backend, place), {}};
}

}  // namespace

TEST_CASE("more vCPUs than APIC ids") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.cpus.value = 255;
    CHECK(placed_of(machine).machine);
    machine.cpus.value = 256;
    diagnostics::Diagnostic finding = only(machine);
    CHECK(finding.code == Code::kCpuCount);
    CHECK(finding.primary.span == span(11));
}

TEST_CASE("several vCPUs without ACPI are a warning, and the machine is still built") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.acpi.value = false;
    machine.cpus.value = 2;
    Placed placed = placed_of(machine);
    CHECK(placed.machine);
    REQUIRE(placed.findings.size() == 1);
    CHECK(placed.findings[0].code == Code::kCpusWithoutAcpi);
    CHECK(placed.findings[0].severity == diagnostics::Severity::kWarning);
    CHECK(placed.findings[0].labels[0].span == span(11));
}

TEST_CASE("one device of a kind") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    for (std::uint32_t i = 0; i < 2; ++i) {
        model::Device device = port_device("panic" + std::to_string(i), 0x505 + i, 1, 40 + i * 10);
        device.type = "pvpanic";
        device.is_single = true;
        machine.devices.push_back(device);
    }
    diagnostics::Diagnostic finding = only(machine);
    CHECK(finding.code == Code::kUniqueDevice);
    CHECK(finding.primary.span == span(50));
    CHECK(finding.labels[0].span == span(40));
}

TEST_CASE("one user of the terminal and of a file") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.devices.push_back(serial("com2", 40));
    serve(machine.devices[0], "stdio", 33);
    serve(machine.devices[1], "none", 43);
    CHECK(placed_of(machine).machine);
    serve(machine.devices[1], "stdio", 43);
    diagnostics::Diagnostic finding = only(machine);
    CHECK(finding.code == Code::kBackendTwice);
    CHECK(finding.message == "com1 and com2 both use the terminal");
    CHECK(finding.primary.span == span(43));
    CHECK(finding.labels[0].span == span(33));
    for (auto& device : machine.devices) {
        serve(device, "file", 43);
        device.host["backend.path"] = {at<model::FieldValue>(std::string("log"), 44), {}};
    }
    CHECK(only(machine).message.find("'log'") != std::string::npos);
    machine.devices[1].host["backend.path"] = {at<model::FieldValue>(std::string("log2"), 44), {}};
    Placed placed = placed_of(machine);
    REQUIRE(placed.machine);
    CHECK(std::get<std::string>(placed.machine->wiring["com2"]["backend.path"]) == "log2");
    CHECK(placed.machine->plan.find_device("com2")->settings.empty());
}

TEST_CASE("a console that is not there is a warning") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    auto& cmdline = std::get<model::BootPvh>(machine.boot.value).cmdline.value;
    for (const char* good : {"console=ttyS0,115200n8", "console=ttyS", "xconsole=ttyS1", "console=ttyS44", "quiet"}) {
        cmdline = good;
        CHECK(placed_of(machine).findings.empty());
    }
    cmdline = "quiet console=ttyS1,115200";
    diagnostics::Diagnostic finding = only(machine);
    CHECK(finding.code == Code::kNoConsole);
    CHECK(finding.helps[0] == "add `serial com2 { }`, or name a port that is there");
}

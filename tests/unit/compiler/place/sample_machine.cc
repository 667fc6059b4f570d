#include "tests/unit/compiler/place/sample_machine.h"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>

#include "runtime/base/file.h"
#include "tests/unit/runtime/image/made_images.h"

namespace nyx::place {

using Kind = model::ResourceRequest::Kind;

Folder::Folder() {
    char name[] = "/tmp/nyx-place-XXXXXX";
    REQUIRE(::mkdtemp(name));
    path = name;
}

Folder::~Folder() {
    std::filesystem::remove_all(path);
}

void Folder::write(const std::string& name, ByteView bytes) const {
    REQUIRE(write_file(path + "/" + name, bytes));
}

model::Device serial(const std::string& name, std::uint32_t place) {
    model::Device device{name, "serial", span(place), false, {}, {}, {}, {}, false};
    device.resources.push_back({"base", Kind::kPio, 8, 8, std::nullopt, {0x3F8, 0x2F8, 0x3E8, 0x2E8}, {}});
    device.resources.push_back({"irq", Kind::kGsi, 1, 1, std::nullopt, {4, 3, 5, 7}, "base"});
    return device;
}

static model::Device with_request(const std::string& name, Kind kind, std::uint64_t base, std::uint64_t size,
                                  std::uint32_t place) {
    model::Device device{name, "gpio", span(place), false, {}, {}, {}, {}, false};
    device.resources.push_back({kind == Kind::kGsi ? "line" : "base", kind, size, 1, at(base, place + 1), {}, {}});
    return device;
}

model::Device port_device(const std::string& name, std::uint64_t base, std::uint64_t size, std::uint32_t place) {
    return with_request(name, Kind::kPio, base, size, place);
}
model::Device mmio_device(const std::string& name, std::uint64_t base, std::uint64_t size, std::uint32_t place) {
    return with_request(name, Kind::kMmio, base, size, place);
}
model::Device line_device(const std::string& name, std::uint64_t gsi, std::uint32_t place) {
    return with_request(name, Kind::kGsi, gsi, 1, place);
}

model::Machine sample_machine(const Folder& folder) {
    folder.write("probe.elf", made::elf({.pvh_entry = 0x100000}));
    model::Machine machine;
    machine.name = "sample";
    machine.memory = at<std::uint64_t>(128 << 20, 10);
    machine.cpus = at<std::uint32_t>(1, 11);
    machine.cpu = at(model::CpuProfile{"baseline", {}, {}}, 12, true);
    machine.pit = at(true, 13, true);
    machine.acpi = at(true, 14);
    model::BootPvh boot{at(folder.image("probe.elf"), 20), std::nullopt, at(std::string("console=ttyS0"), 21)};
    machine.boot = at(model::Boot(boot), 15);
    machine.devices.push_back(serial("com1", 30));
    return machine;
}

Placed placed_of(const model::Machine& machine) {
    diagnostics::Sink sink;
    auto placed = place(machine, sink);
    CHECK(placed.has_value() == !sink.has_errors());
    return {std::move(placed), sink.sorted()};
}

diagnostics::Diagnostic only(const model::Machine& machine) {
    Placed placed = placed_of(machine);
    for (const auto& finding : placed.findings)
        MESSAGE(diagnostics::code_text(finding.code) << ": " << finding.message);
    REQUIRE(placed.findings.size() == 1);
    return placed.findings[0];
}

}  // namespace nyx::place

#include "compiler/exits/exits.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/devices/described/made_programs.h"

using namespace nyx;
using dev::ir::Service;

namespace {

plan::MachinePlan machine(std::uint64_t page) {
    plan::MachinePlan plan;
    plan.devices = {{"com1", "serial", {{0x3F8, 8}}, {}, {4}, {}},
                    {"mail", "mailbox", {{0x300, 8}}, {{page, 4096}, {page + 0x1000, 32}}, {5}, {}},
                    {"odd", "toaster", {}, {}, {}, {}}};
    return plan;
}

const exits::Row& row(const std::vector<exits::DeviceExits>& devices, std::string_view device, std::string_view reg) {
    const auto of = std::ranges::find(devices, device, &exits::DeviceExits::name);
    REQUIRE(of != devices.end());
    const auto found = std::ranges::find(of->rows, reg, &exits::Row::reg);
    REQUIRE(found != of->rows.end());
    return *found;
}

std::vector<exits::DeviceExits> predicted(std::uint64_t page) {
    const std::vector<dev::ir::Program> programs{dev::ir::mailbox()};
    return exits::predict(machine(page), programs);
}

}  // namespace

TEST_CASE("each register is predicted in both directions, with its address") {
    const auto devices = predicted(0xD0000);
    const exits::Row& id = row(devices, "mail", "id");
    CHECK(id.address == 0xD0000);
    CHECK(id.read.served.service == Service::kConstRead);
    CHECK(id.read.exits == 0);
    CHECK(!id.write.exists);
    CHECK(row(devices, "mail", "start").write.served.values == std::vector<std::uint64_t>{7});
    CHECK(row(devices, "mail", "scratch").write.exits == 0);
    CHECK(row(devices, "mail", "mode").write.exits == 1);
    CHECK(row(devices, "mail", "note").address == 0x300);
    CHECK(row(devices, "com1", "thr").write.served.service == Service::kCoalescedWhile);
    CHECK(row(devices, "com1", "thr").write.condition == "mcr.loop = 0, ier.etbei = 0, lcr.dlab = 0");
    CHECK(row(devices, "com1", "thr").write.exits == 0);
    CHECK(row(devices, "com1", "scr").write.exits == 0);
    CHECK(!devices[2].unknown.empty());
}

TEST_CASE("a page needs a page's boundary in the plan") {
    const auto devices = predicted(0xD0800);
    const exits::Row& id = row(devices, "mail", "id");
    CHECK(id.read.exits == 1);
    CHECK(id.read.served.reason == "its region does not begin at a page's boundary");
}

TEST_CASE("a C++ class says what it does without exits: a request to a virtio disk costs one") {
    plan::MachinePlan plan;
    plan.devices = {{"root", "disk", {}, {{0xFE000000, 4096}}, {20}, {}},
                    {"odd", "net", {}, {{0xFE001800, 4096}}, {21}, {}},
                    {"card", "pci_net", {}, {{0xFE008000, 0x8000}}, {22}, {{"bar", std::int64_t{0xFE008000}}}}};
    const auto devices = exits::predict(plan, {});
    CHECK(row(devices, "root", "queue_notify").write.exits == 0);
    CHECK(row(devices, "root", "queue_notify").write.served.values == std::vector<std::uint64_t>{0});
    CHECK(row(devices, "root", "interrupt_status").read.served.service == Service::kConstRead);
    CHECK(row(devices, "root", "interrupt_ack").write.exits == 1);
    CHECK(row(devices, "root", "capacity").read.exits == 0);
    CHECK(row(devices, "odd", "queue_notify").write.served.values == std::vector<std::uint64_t>{0, 1});
    CHECK(row(devices, "odd", "interrupt_status").read.exits == 1);  // not at a page's boundary
    CHECK(row(devices, "card", "notify_queue1").write.exits == 0);
    CHECK(row(devices, "card", "notify_queue2").write.exits == 1);  // it has two
    CHECK(row(devices, "card", "isr_byte").read.exits == 1);
}

TEST_CASE("text and JSON") {
    const auto devices = predicted(0xD0000);
    const std::string text = exits::as_text(devices);
    for (const char* part : {"mail (mailbox)", "start     memory 0xd1004  write  doorbell of 7      0",
                             "its registers are not known", "a write changes mode, which is read without an exit"}) {
        INFO(text);
        CHECK(text.find(part) != std::string::npos);
    }
    const std::string json = exits::as_json(devices);
    CHECK(json.find("\"service\": \"const-read\"") != std::string::npos);
}

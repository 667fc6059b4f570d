// Each mechanism that saves exits, on real KVM, with the exits counted.
#include <algorithm>

#include "devices/ir/service.h"
#include "tests/unit/devices/described/made_programs.h"
#include "tests/unit/runtime/machine/guest.h"

using namespace nyx;
using namespace nyx::vm;
using Kind = Outcome::Kind;

namespace {

const Bytes kSpin{0xEB, 0xFE};  // jmp $

Bytes low_high(std::uint16_t value) {
    return {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8)};
}
Bytes set_port(std::uint16_t port) {
    return Bytes{0xBA} + low_high(port);  // mov dx, port
}
// mov cx, times; body; loop
Bytes repeat(std::uint16_t times, const Bytes& body) {
    return Bytes{0xB9} + low_high(times) + body +
           Bytes{0xE2, static_cast<std::uint8_t>(-2 - static_cast<int>(body.size()))};
}
const Bytes kOut{0xEE};  // out dx, al
Bytes store32(std::uint16_t at) {
    return Bytes{0x66, 0xA3} + low_high(at);  // mov [at], eax
}
Bytes load32(std::uint16_t at) {
    return Bytes{0x66, 0xA1} + low_high(at);  // mov eax, [at]
}
Bytes store8(std::uint16_t at) {
    return Bytes{0xA2} + low_high(at);
}
Bytes load8(std::uint16_t at) {
    return Bytes{0xA0} + low_high(at);
}
Bytes set_al(std::uint8_t value) {
    return {0xB0, value};
}
// mov ax, segment; mov ds, ax
Bytes set_segment(std::uint16_t segment) {
    return Bytes{0xB8} + low_high(segment) + Bytes{0x8E, 0xD8};
}
const Bytes kDebug = set_port(0xE9) + kOut;
const Bytes kExit = set_port(0xF4) + kOut + kSpin;

constexpr std::uint16_t kPage = 0, kRegs = 0x1000, kPorts = 0x300;

// With a mailbox, its page at 0xD0000 and its registers behind it; DS points there.
Guest with_mailbox(const Bytes& code) {
    Guest guest(set_segment(0xD000) + code);
    guest.programs = {dev::ir::mailbox()};
    plan::DevicePlan device;
    device.name = "mail";
    device.type = "mailbox";
    device.pio = {{kPorts, 8}};
    device.mmio = {{0xD0000, 4096}, {0xD1000, 32}};
    device.gsis = {5};
    guest.plan.devices.push_back(device);
    return guest;
}

struct Counted {
    std::uint64_t by_exit = 0, without = 0;
};

Counted count_of(const ExitSummary& summary, std::string_view reg, bool write) {
    for (const auto& row : summary.rows)
        if (row.device == "mail" && row.reg == reg && row.is_write == write) return {row.count, row.without_exit};
    return {};
}

auto letters(const Guest& guest, char letter) {
    return std::ranges::count(guest.output.text(), letter);
}

// Writes and reads each register so often, then ends with mode_now as its status.
const Bytes kTour = set_port(kPorts) + set_al(5) + repeat(100, kOut)                 // note
                    + repeat(50, store32(kRegs + 8))                                 // scratch
                    + repeat(10, store32(kRegs))                                     // notify
                    + set_port(kPorts + 4) + repeat(5, kOut)                         // kick
                    + repeat(200, load32(kPage))                                     // id
                    + set_al(1) + store8(kRegs + 12) + repeat(30, load8(kPage + 4))  // mode, mode_now
                    + kExit;

}  // namespace

TEST_CASE("rung, queued and page accesses need no exit") {
    if (!host_kvm()) return;
    Guest guest = with_mailbox(kTour);
    Outcome outcome = guest.run();
    REQUIRE(outcome.kind == Kind::kExited);
    CHECK(outcome.exit_status == 1);
    CHECK(letters(guest, 'n') == 10);
    CHECK(letters(guest, 'k') == 5);
    ExitSummary summary = guest.machine().exits();
    CHECK(count_of(summary, "note", true).without == 100);
    CHECK(count_of(summary, "scratch", true).without == 50);
    CHECK(count_of(summary, "notify", true).without == 10);
    CHECK(count_of(summary, "kick", true).without == 5);
    CHECK(count_of(summary, "mode", true).by_exit == 1);
    CHECK(count_of(summary, "id", false).by_exit == 0);
    CHECK(count_of(summary, "mode_now", false).by_exit == 0);
    // What the classes predict: `mode` and the exit device. The queue of 170 was never full.
    CHECK(summary.exits["mmio"] == 1);
    CHECK(summary.exits["io"] == 1);
}

TEST_CASE("the same guest with an exit for every access sees the same") {
    if (!host_kvm()) return;
    Guest guest = with_mailbox(kTour);
    guest.options.exit_free = false;
    Outcome outcome = guest.run();
    CHECK(outcome.exit_status == 1);
    CHECK(letters(guest, 'n') == 10);
    CHECK(letters(guest, 'k') == 5);
    ExitSummary summary = guest.machine().exits();
    CHECK(summary.exits["mmio"] == 50 + 10 + 200 + 1 + 30);
    CHECK(summary.exits["io"] == 100 + 5 + 1);
}

TEST_CASE("a queue that is full costs an exit and keeps the order") {
    if (!host_kvm()) return;
    // Counts up in the port, then reads it back.
    const Bytes count_up = set_al(0) + repeat(1000, Bytes{0x04, 0x01} + kOut);      // add al, 1
    Guest guest = with_mailbox(set_port(kPorts) + count_up + Bytes{0xEC} + kExit);  // in al, dx
    Outcome outcome = guest.run();
    CHECK(outcome.exit_status == 1000 % 256);
    ExitSummary summary = guest.machine().exits();
    Counted note = count_of(summary, "note", true);
    CHECK(note.by_exit + note.without == 1000);
    CHECK(note.by_exit > 0);
    CHECK(note.by_exit < 20);
}

TEST_CASE("a doorbell of one value lets others exit, in order") {
    if (!host_kvm()) return;
    // mov eax, 7; four times start; mov eax, 8; start
    const Bytes seven{0x66, 0xB8, 7, 0, 0, 0}, eight{0x66, 0xB8, 8, 0, 0, 0};
    Guest guest = with_mailbox(seven + repeat(4, store32(kRegs + 4)) + eight + store32(kRegs + 4) + kExit);
    CHECK(guest.run().kind == Kind::kExited);
    CHECK(letters(guest, 's') == 4);
    Counted start = count_of(guest.machine().exits(), "start", true);
    CHECK(start.without == 4);
    CHECK(start.by_exit == 1);
}

TEST_CASE("after a reset the page, the queue and the doorbells are there again") {
    if (!host_kvm()) return;
    // Sets mode, writes a note and rings; the first time the keyboard controller's pulse (0xFE to 0x64) resets.
    // mov al, mode_now of the page is 0 after each power-on.
    const Bytes once = load8(kPage + 4) + kDebug + set_al(1) + store8(kRegs + 12) + set_port(kPorts) + kOut +
                       set_port(kPorts + 4) + kOut + load8(kPage + 4) + kDebug;
    Guest guest = with_mailbox(once + set_al(0xFE) + set_port(0x64) + kOut + kSpin);
    guest.adjust = [&](hv::CpuState& state) {
        if (guest.loads == 2) state.general.rip = 0x3000;
    };
    guest.more_code[0x3000] = set_segment(0xD000) + once + set_al(9) + kExit;
    Outcome outcome = guest.run();
    CHECK(outcome.exit_status == 9);
    CHECK(guest.machine().resets() == 1);
    CHECK(letters(guest, 'k') == 2);
    CHECK(letters(guest, '\0') == 2);
    CHECK(letters(guest, '\1') == 2);
}

TEST_CASE("inspecting a machine shows registers without reading them") {
    if (!host_kvm()) return;
    Guest guest = with_mailbox(kTour);
    REQUIRE(guest.run().kind == Kind::kExited);
    const std::uint64_t before = guest.machine().exits().total_accesses();
    auto views = guest.machine().inspect();
    REQUIRE(views.back().slot->name == "mail");
    const DeviceView& mail = views.back();
    auto value = [&](std::string_view name) {
        auto found = std::ranges::find(mail.registers, name, [](const RegisterView& view) { return view.reg.name; });
        REQUIRE(found != mail.registers.end());
        return found->values.front();
    };
    CHECK(value("note") == 5);
    CHECK(value("mode_now") == 1);
    CHECK(value("id") == 0x4E595821);
    CHECK(!value("count"));   // reading it would count
    CHECK(!value("notify"));  // it is not read
    CHECK(mail.lines.front().asserted);
    CHECK(mail.state.front().name == "mode");
    CHECK(mail.state.front().value == Bytes{1});
    CHECK(guest.machine().exits().total_accesses() == before);
}

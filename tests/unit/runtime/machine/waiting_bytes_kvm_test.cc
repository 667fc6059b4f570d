// Bytes for the terminal that wait in KVM's queue: they cost no exit, come soon, and none is lost however the run ends.
#include <algorithm>

#include "tests/unit/runtime/machine/guest.h"

using namespace nyx;
using namespace nyx::vm;
using Kind = Outcome::Kind;

namespace {

constexpr std::uint16_t kData = 0x3F8, kEnables = 0x3F9, kModem = 0x3FC;
const Bytes kSpin{0xEB, 0xFE};  // jmp $

// mov dx, port; mov al, value; out dx, al
Bytes out(std::uint16_t port, std::uint8_t value) {
    return {0xBA, static_cast<std::uint8_t>(port), static_cast<std::uint8_t>(port >> 8), 0xB0, value, 0xEE};
}
// mov dx, data; mov al, letter; mov cx, times; out dx, al; loop
Bytes send(char letter, std::uint16_t times) {
    return out(0x80, 0) + Bytes{0xBA,
                                kData & 0xFF,
                                kData >> 8,
                                0xB0,
                                static_cast<std::uint8_t>(letter),
                                0xB9,
                                static_cast<std::uint8_t>(times),
                                static_cast<std::uint8_t>(times >> 8),
                                0xEE,
                                0xE2,
                                0xFD};
}
const Bytes kExit = out(0xF4, 3);

auto sent(const Guest& guest, char letter) {
    return std::ranges::count(guest.output.text(), letter);
}

ExitSummary::Row written(Guest& guest, std::string_view reg) {
    for (const auto& row : guest.machine().exits().rows)
        if (row.device == "com1" && row.reg == reg && row.is_write) return row;
    return {};
}

}  // namespace

TEST_CASE("bytes for the terminal cost no exit while no interrupt can come of them") {
    if (!host_kvm()) return;
    Guest guest(send('a', 1000) + kExit);
    CHECK(guest.run().kind == Kind::kExited);
    CHECK(guest.output.text() == std::string(1000, 'a'));
    const auto thr = written(guest, "thr");
    CHECK(thr.count + thr.without_exit == 1000);
    // The first ones, and those that found the queue of 170 full.
    CHECK(thr.count >= PassingQueue::kPatience);
    CHECK(thr.count < PassingQueue::kPatience + 10);
}

TEST_CASE("they come though the guest does not exit any more") {
    if (!host_kvm()) return;
    Guest guest(send('b', 100) + kSpin);
    auto made = guest.make();
    REQUIRE(made);
    std::function<void()> look = [&] {
        if (sent(guest, 'b') == 100) return (*made)->request_stop("all came");
        guest.loop().post(look);
    };
    guest.loop().post(look);
    CHECK((*made)->run(60'000'000'000).reason == "all came");
}

TEST_CASE("none is lost however the run ends") {
    if (!host_kvm()) return;
    const Bytes bytes = send('c', 100);
    // lidt [0x3000], whose limit is 0; mov eax, cr0; or al, 1; mov cr0, eax; ud2
    Guest fault(bytes +
                Bytes{0x0F, 0x01, 0x1E, 0x00, 0x30, 0x0F, 0x20, 0xC0, 0x0C, 0x01, 0x0F, 0x22, 0xC0, 0x0F, 0x0B});
    fault.more_code[0x3000] = Bytes(6);
    fault.options.restart_after_triple_fault = false;
    CHECK(fault.run().kind == Kind::kTripleFault);
    CHECK(sent(fault, 'c') == 100);
    Guest halt(bytes + Bytes{0xFA, 0xF4});  // cli; hlt
    CHECK(halt.run().kind == Kind::kHalted);
    CHECK(sent(halt, 'c') == 100);
    Guest reset(bytes + out(0x64, 0xFE) + kSpin);
    reset.options.on_reset = Options::OnReset::kStop;
    CHECK(reset.run().kind == Kind::kReset);
    CHECK(sent(reset, 'c') == 100);
}

TEST_CASE("none is lost when the host stops a guest in the middle") {
    if (!host_kvm()) return;
    // mov dx, data; mov al, 'g'; out dx, al; inc dword [0x3000]; jmp to the out
    Guest guest(Bytes{0xBA, kData & 0xFF, kData >> 8, 0xB0, 'g', 0xEE, 0x66, 0xFF, 0x06, 0x00, 0x30, 0xEB, 0xF8});
    guest.more_code[0x3000] = Bytes(4);
    auto made = guest.make();
    REQUIRE(made);
    std::function<void()> look = [&] {
        if (sent(guest, 'g') > 500) return (*made)->request_stop("enough");
        guest.loop().post(look);
    };
    guest.loop().post(look);
    REQUIRE((*made)->run(60'000'000'000).reason == "enough");
    Bytes counted(4);
    REQUIRE((*made)->memory().read(0x3000, counted));
    CHECK(sent(guest, 'g') >= load_le<std::uint32_t>(counted.data()));
}

TEST_CASE("a mode in which a byte interrupts has every byte exit, and the way back takes longer") {
    if (!host_kvm()) return;
    const Bytes flip = out(kEnables, 2) + send('e', 50) + out(kEnables, 0);
    Guest guest(out(kModem, 8) + send('d', 30) + flip + send('f', 40) + kExit);
    CHECK(guest.run().kind == Kind::kExited);
    CHECK(guest.output.text() == std::string(30, 'd') + std::string(50, 'e') + std::string(40, 'f'));
    CHECK(written(guest, "thr").count == PassingQueue::kPatience + 50 + 2 * PassingQueue::kPatience);
    CHECK(written(guest, "ier").without_exit == 0);
    // Where many had been queued it was worth it.
    Guest busy(out(kModem, 8) + send('d', 100) + flip + send('f', 40) + kExit);
    CHECK(busy.run().kind == Kind::kExited);
    CHECK(written(busy, "thr").count == PassingQueue::kPatience + 50 + PassingQueue::kPatience);
}

TEST_CASE("bytes of several devices stay in their order") {
    if (!host_kvm()) return;
    const Bytes pair = out(kData, 'x') + out(0xE9, 'y');
    // mov cx, 60; pair; loop
    Guest guest(Bytes{0xB9, 60, 0} + pair + Bytes{0xE2, static_cast<std::uint8_t>(-2 - static_cast<int>(pair.size()))} +
                kExit);
    CHECK(guest.run().kind == Kind::kExited);
    std::string wanted;
    for (int i = 0; i < 60; ++i) wanted += "xy";
    CHECK(guest.output.text() == wanted);
    CHECK(written(guest, "thr").without_exit == 60 - PassingQueue::kPatience);
}

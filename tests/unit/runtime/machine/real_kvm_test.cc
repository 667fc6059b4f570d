#include "runtime/kvm/vm.h"
#include "tests/unit/runtime/machine/guest.h"

using namespace nyx;
using namespace nyx::vm;
using Kind = Outcome::Kind;

// mov dx, port; mov al, value; out dx, al
static Bytes out(std::uint16_t port, std::uint8_t value) {
    return {0xBA, static_cast<std::uint8_t>(port), static_cast<std::uint8_t>(port >> 8), 0xB0, value, 0xEE};
}
static const Bytes kHaltForGood{0xFA, 0xF4};  // cli; hlt
static const Bytes kSpin{0xEB, 0xFE};         // jmp $
static Bytes exit_with(std::uint8_t status) {
    return out(0xF4, status) + kSpin;
}

// 32 bits, flat segments, no paging.
static void protected_mode(hv::CpuState& state) {
    hv::Segment data{0, 0xFFFFFFFF, 0x10, 3, 0, true, true, false, true, true};
    state.system.ds = state.system.es = state.system.ss = data;
    state.system.cs = data;
    state.system.cs.selector = 8;
    state.system.cs.type = 0xB;
    state.system.cr0 |= 1;
}

static std::uint64_t count_of(const ExitSummary& summary, std::string_view device, std::string_view reg, bool write) {
    for (const auto& row : summary.rows)
        if (row.device == device && row.reg == reg && row.is_write == write) return row.count;
    return 0;
}

TEST_CASE("a guest writes to a device and ends with its own status") {
    if (!host_kvm()) return;
    Guest guest(out(0xE9, 'h') + out(0xE9, 'i') + exit_with(42));
    Outcome outcome = guest.run();
    CHECK(outcome.kind == Kind::kExited);
    CHECK(exit_status(outcome) == 42);
    CHECK(guest.output.text() == "hi");
    ExitSummary summary = guest.machine().exits();
    CHECK(summary.rows.front().device == "debug");
    CHECK(summary.rows.front().count == 2);
    CHECK(summary.rows.front().is_write);
    // The exit device's write is the last thing the guest does: nothing runs after it.
    CHECK(summary.exits["io"] == 3);
    CHECK(summary.total_accesses() == 3);
    CHECK(summary.kvm["exits"] >= 3);
    CHECK(guest.machine().state() == State::kStopped);
}

// Where KVM itself shows a hidden feature, which `nyx doctor` reports, the guest sees exactly that and no more.
TEST_CASE("CPU features that the machine hides are hidden from the guest") {
    const kvm::System* system = host_kvm();
    if (system == nullptr) return;
    auto unhidable = kvm::unhidable_features(*system);
    REQUIRE(unhidable);
    // mov eax, 1; cpuid; mov eax, ecx; mov dx, 0xE9; four times: out dx, al; shr eax, 8
    Bytes report{0x66, 0xB8, 1, 0, 0, 0, 0x0F, 0xA2, 0x66, 0x89, 0xC8, 0xBA, 0xE9, 0x00};
    for (int i = 0; i < 4; ++i) report = report + Bytes{0xEE, 0x66, 0xC1, 0xE8, 0x08};
    Guest guest(report + exit_with(0));
    const std::uint32_t kSse3 = 1, kCx16 = 1u << 13, kMovbe = 1u << 22, kAvx = 1u << 28, kHypervisor = 1u << 31;
    guest.plan.cpu.bits = {{1, 0, 'c', kSse3 | kCx16 | kMovbe | kAvx, 0}};
    CHECK(guest.run().kind == Kind::kExited);
    std::string text = guest.output.text();
    REQUIRE(text.size() == 4);
    std::uint32_t ecx = 0;
    std::memcpy(&ecx, text.data(), 4);
    CHECK((ecx & kHypervisor) != 0);
    auto shown = [&](const char* name) { return std::count(unhidable->begin(), unhidable->end(), name) != 0; };
    CHECK(((ecx & kSse3) != 0) == shown("sse3"));
    CHECK(((ecx & kCx16) != 0) == shown("cx16"));
    CHECK(((ecx & kMovbe) != 0) == shown("movbe"));
    CHECK(((ecx & kAvx) != 0) == shown("avx"));
}

TEST_CASE("string output and reads from nowhere") {
    if (!host_kvm()) return;
    // mov si, 0x2000; mov cx, 5; mov dx, 0xE9; cld; rep outsb
    Bytes code{0xBE, 0x00, 0x20, 0xB9, 0x05, 0x00, 0xBA, 0xE9, 0x00, 0xFC, 0xF3, 0x6E};
    // mov dx, 0x1234; in al, dx; mov dx, 0xF4; out dx, al
    code = code + Bytes{0xBA, 0x34, 0x12, 0xEC, 0xBA, 0xF4, 0x00, 0xEE} + kSpin;
    Guest guest(code);
    guest.more_code[0x2000] = Bytes{'h', 'e', 'l', 'l', 'o'};
    Outcome outcome = guest.run();
    CHECK(outcome.kind == Kind::kExited);
    CHECK(outcome.exit_status == 0xFF);
    CHECK(guest.output.text() == "hello");
    ExitSummary summary = guest.machine().exits();
    CHECK(count_of(summary, "", "port 0x1234", false) == 1);
}

TEST_CASE("memory without RAM reads all ones") {
    if (!host_kvm()) return;
    // mov ax, 0xA000; mov ds, ax; mov ax, [0]; mov [2], al; mov dx, 0xF4; out dx, al
    Guest guest(Bytes{0xB8, 0x00, 0xA0, 0x8E, 0xD8, 0xA1, 0x00, 0x00, 0xA2, 0x02, 0x00, 0xBA, 0xF4, 0x00, 0xEE} +
                kSpin);
    Outcome outcome = guest.run();
    CHECK(outcome.exit_status == 0xFF);
    ExitSummary summary = guest.machine().exits();
    CHECK(count_of(summary, "", "memory 0xa0000", false) == 1);
    CHECK(count_of(summary, "", "memory 0xa0002", true) == 1);
    CHECK(summary.exits["mmio"] == 2);
}

TEST_CASE("halting with interrupts off is found and reported with registers") {
    if (!host_kvm()) return;
    Guest guest(Bytes{0xB8, 0x34, 0x12} + kHaltForGood);
    Outcome outcome = guest.run();
    REQUIRE(outcome.kind == Kind::kHalted);
    CHECK(exit_status(outcome) == 4);
    REQUIRE(outcome.cpus.size() == 1);
    CHECK(outcome.cpus[0].state.general.rax == 0x1234);
    CHECK(outcome.cpus[0].state.general.rip == 0x1005);
    CHECK(outcome_report(outcome).find("rax=0000000000001234") != std::string::npos);
}

TEST_CASE("halting with interrupts on is not the end, and a time limit is") {
    if (!host_kvm()) return;
    Guest guest(Bytes{0xFB, 0xF4, 0xEB, 0xFD});  // sti; again: hlt; jmp again
    guest.plan.pit = false;
    auto machine = guest.make();
    REQUIRE(machine);
    Outcome outcome = (*machine)->run(700'000'000);
    CHECK(outcome.kind == Kind::kTimedOut);
    CHECK(exit_status(outcome) == 4);
    CHECK(outcome.reason.find("0.7 s") != std::string::npos);
    CHECK(outcome.cpus.size() == 1);
}

TEST_CASE("a triple fault is reported, with the instruction") {
    if (!host_kvm()) return;
    Guest guest(Bytes{0x31, 0xC9, 0xF7, 0xF1});  // xor ecx, ecx; div ecx, and no interrupt table
    guest.adjust = [](hv::CpuState& state) {
        protected_mode(state);
        state.system.idt.limit = 0;
    };
    Outcome outcome = guest.run();
    REQUIRE(outcome.kind == Kind::kTripleFault);
    CHECK(exit_status(outcome) == 4);
    std::string report = outcome_report(outcome);
    INFO(report);
    CHECK(report.find("triple fault") != std::string::npos);
    CHECK(report.find("vCPU 0") != std::string::npos);
    if (host_kvm()->host_kind() == kvm::HostKind::kPvm) CHECK(report.find("div ecx") != std::string::npos);
}

TEST_CASE("an instruction that KVM cannot emulate is named, with what to try") {
    if (!host_kvm()) return;
    if (host_kvm()->host_kind() != kvm::HostKind::kPvm) {
        MESSAGE("SKIPPED: only a kvm_pvm host emulates CRC32");
        return;
    }
    Guest guest(Bytes{0xF2, 0x0F, 0x38, 0xF1, 0xC1} + exit_with(1));  // crc32 eax, cx
    Outcome outcome = guest.run();
    REQUIRE(outcome.kind == Kind::kEmulationFailure);
    std::string report = outcome_report(outcome);
    INFO(report);
    CHECK(report.find("crc32 eax, cx") != std::string::npos);
    CHECK(report.find("kvm_pvm") != std::string::npos);
    CHECK(report.find("real mode") != std::string::npos);
}

TEST_CASE("a reset runs the guest again from fresh memory") {
    if (!host_kvm()) return;
    // Memory at 0x3000 must be 0 each time: inc byte [0x3000]; al = [0x3000]; add al, '0'; out 0xE9. The second boot is
    // told from the first by the CMOS-like count of loads, put at 0x2000: cmp byte [0x2000], 2; je done; reset by port
    // 0x64.
    Bytes code{0xFE, 0x06, 0x00, 0x30, 0xA0, 0x00, 0x30, 0x04, '0',
               0xE6, 0xE9, 0x80, 0x3E, 0x00, 0x20, 0x02, 0x74, 0x04};
    code = code + Bytes{0xB0, 0xFE, 0xE6, 0x64} + exit_with(7);
    Guest guest(code);
    auto made = guest.make();
    REQUIRE(made);
    guest.more_code[0x2000] = Bytes{2};  // from the second load on
    Outcome outcome = (*made)->run(60'000'000'000);
    CHECK(outcome.kind == Kind::kExited);
    CHECK(outcome.exit_status == 7);
    CHECK(guest.output.text() == "11");
    CHECK(guest.loads == 2);
    CHECK((*made)->resets() == 1);
}

TEST_CASE("a reset ends the run when the options say so, and nothing runs after it") {
    if (!host_kvm()) return;
    Guest guest(out(0x64, 0xFE) + out(0xE9, 'x') + kSpin);
    guest.options.on_reset = Options::OnReset::kStop;
    Outcome outcome = guest.run();
    CHECK(outcome.kind == Kind::kReset);
    CHECK(exit_status(outcome) == 0);
    CHECK(guest.output.text().empty());
}

TEST_CASE("a panic is reported") {
    if (!host_kvm()) return;
    Guest guest(out(0x505, 1) + kSpin);
    Outcome outcome = guest.run();
    CHECK(outcome.kind == Kind::kPanicked);
    CHECK(exit_status(outcome) == 4);
}

TEST_CASE("a second processor starts by INIT and SIPI") {
    if (!host_kvm()) return;
    // 32-bit protected mode with flat segments, for the APIC's registers at 0xFEE00000.
    // mov dword [0xFEE00300], 0x000C4500 (INIT to all others); 0x000C4603 (SIPI, vector 3); wait: cmp byte [0x4000], 1;
    // jne wait; mov dx, 0xF4; mov al, 9; out dx, al; jmp $
    Bytes code{0xC7, 0x05, 0x00, 0x03, 0xE0, 0xFE, 0x00, 0x45, 0x0C, 0x00, 0xC7, 0x05, 0x00,
               0x03, 0xE0, 0xFE, 0x03, 0x46, 0x0C, 0x00, 0x80, 0x3D, 0x00, 0x40, 0x00, 0x00,
               0x01, 0x75, 0xF7, 0x66, 0xBA, 0xF4, 0x00, 0xB0, 0x09, 0xEE, 0xEB, 0xFE};
    Guest guest(code, 2);
    guest.adjust = protected_mode;
    // At 0x3000, in real mode with CS = 0x300: mov byte [0x4000], 1; mov dx, 0xE9; mov al, 'A'; out; cli; hlt
    guest.more_code[0x3000] = Bytes{0xB0, 'A', 0xE6, 0xE9, 0xC6, 0x06, 0x00, 0x40, 0x01} + kHaltForGood;
    Outcome outcome = guest.run();
    CHECK(outcome.kind == Kind::kExited);
    CHECK(outcome.exit_status == 9);
    CHECK(guest.output.text() == "A");
}

TEST_CASE("pause, resume, stop from another thread") {
    if (!host_kvm()) return;
    Guest guest(Bytes{0xE6, 0xE9, 0xEB, 0xFC});  // again: out 0xE9, al; jmp again
    auto made = guest.make();
    REQUIRE(made);
    Machine& machine = **made;
    machine.start();
    for (int i = 0; i < 20; ++i) {
        machine.pause();
        std::size_t before = guest.output.bytes.size();
        CHECK(machine.exits().exits["io"] == before);
        machine.resume();
    }
    std::thread other([&] { machine.request_stop("enough"); });
    Outcome outcome = machine.run();
    other.join();
    CHECK(outcome.kind == Kind::kStopped);
    CHECK(outcome.reason == "enough");
    CHECK(machine.state() == State::kStopped);
}

TEST_CASE("resets while the guest writes leave nothing behind") {
    if (!host_kvm()) return;
    Guest guest(Bytes{0xE6, 0xE9, 0xEB, 0xFC}, 2);
    auto made = guest.make();
    REQUIRE(made);
    (*made)->start();
    for (int i = 0; i < 5; ++i) REQUIRE((*made)->reset());
    CHECK(guest.loads == 6);
    CHECK((*made)->resets() == 5);
    (*made)->stop();
}

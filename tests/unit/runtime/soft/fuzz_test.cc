// Random bytes as code, in every mode and with everything the CPU offers: whatever they do to the guest, they must not
// reach out of it. Worth most under the sanitizers.
//
// NYX_SOFT_ROUNDS is the number of starts, NYX_SOFT_SEED where the random numbers begin.
#include <doctest/doctest.h>

#include <cstdlib>

#include "fixture.h"
#include "random.h"
#include "soft_runner.h"

namespace nyx::soft {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 0);
}

// A repetition over the whole address space is one instruction: it ends when enough of it went to devices.
struct PatientSurroundings : FakeSurroundings {
    Cpu* cpu = nullptr;
    unsigned patience = 0;

    void note() {
        if (patience == 0) cpu->attention(kWantReturn);
        if (patience != 0) --patience;
    }
    void read_mmio(std::uint64_t address, std::span<std::uint8_t> data) override {
        note();
        FakeSurroundings::read_mmio(address, data);
    }
    void write_mmio(std::uint64_t address, std::span<const std::uint8_t> data) override {
        note();
        FakeSurroundings::write_mmio(address, data);
    }
};

struct Fuzz {
    static constexpr std::uint64_t kRamSize = 1 << 18, kCode = 0x8000, kCodeSize = 0x4000;

    Random& random;
    std::vector<std::uint8_t> storage = std::vector<std::uint8_t>(kRamSize + kPageSize);
    std::uint8_t* ram = storage.data() + (kPageSize - reinterpret_cast<std::uintptr_t>(storage.data()) % kPageSize);
    PatientSurroundings around;
    PhysicalMemory memory;
    Cpu cpu{memory, around, host_cpuid(), 0};

    explicit Fuzz(Random& numbers) : random(numbers) {
        (void)memory.map({0, kRamSize}, ram, false);
        around.cpu = &cpu;
    }

    // Prefixes and the common opcodes more often than the others.
    std::uint8_t code_byte() {
        constexpr std::array<std::uint8_t, 16> kOften = {0x0F, 0x66, 0x67, 0xF2, 0xF3, 0x48, 0xC4, 0xC5,
                                                         0xF0, 0x2E, 0x65, 0x4C, 0xFF, 0x0F, 0xD9, 0xA5};
        return random.one_in(4) ? kOften[random.below(kOften.size())] : static_cast<std::uint8_t>(random.next());
    }
    void fill() {
        for (std::uint64_t at = 0; at < kRamSize; at += 8) {
            std::uint64_t value = random.operand();
            std::memcpy(ram + at, &value, 8);
        }
        for (std::uint64_t at = kCode; at < kCode + kCodeSize; ++at) ram[at] = code_byte();
        memory.wrote({0, kRamSize});
    }
    void set_mode() {
        cpu.reset();
        const auto bits = std::array{16, 32, 64}[random.below(3)];
        auto access = static_cast<std::uint16_t>(Segment::kPresent | Segment::kS | Segment::kG | 3 | Segment::kDb);
        if (bits != 16) {
            cpu.control.cr0 |= kCr0Pe;
            for (Seg segment : {kEs, kCs, kSs, kDs, kFs, kGs}) {
                cpu.segments[segment].base = segment == kFs ? random.below(0x10000) : 0;
                cpu.segments[segment].limit = random.one_in(8) ? static_cast<std::uint32_t>(random.next()) : 0xFFFFFFFF;
                cpu.segments[segment].access = access;
            }
            cpu.segments[kCs].access = static_cast<std::uint16_t>(access | 8);
        }
        if (bits == 64) {
            cpu.control.efer = kEferLme | kEferLma | kEferSce;
            cpu.segments[kCs].access = static_cast<std::uint16_t>((access | 8 | Segment::kL) & ~Segment::kDb);
        }
        cpu.segments[kCs].base = 0;
        cpu.control.cr4 = kCr4Osfxsr | kCr4Osxmmexcpt | kCr4Osxsave | (bits == 64 ? kCr4Pae : 0);
        cpu.control.xcr0 = 7;
        if (random.one_in(8)) cpu.control.cr4 |= random.next() & (kCr4Pse | kCr4Pae | kCr4Smap | kCr4Smep | kCr4Pge);
        if (random.one_in(8) && bits != 16) cpu.control.cr0 |= kCr0Pg;
        cpu.control.cr3 = random.below(kRamSize / kPageSize) * kPageSize;
        cpu.set_rflags(random.next() & (kArithmeticFlags | kDf | kTf * random.below(2) | kIf | kAc));
        cpu.set_cpl(bits != 16 && random.one_in(4) ? 3 : 0);
    }
    void start() {
        fill();
        set_mode();
        for (std::size_t i = 0; i < 16; ++i) cpu.gpr[i] = random.one_in(2) ? random.below(kRamSize) : random.operand();
        for (VectorRegister& reg : cpu.vector.ymm)
            for (std::uint8_t& byte : reg.bytes) byte = static_cast<std::uint8_t>(random.next());
        cpu.rip = kCode + random.below(kCodeSize);
        around.patience = 20'000;
        // Most exceptions end in other random code, some go through the random IDT.
        cpu.intercept = [this](const Exception&) {
            if (random.one_in(8)) return false;
            cpu.rip = kCode + random.below(kCodeSize);
            return true;
        };
    }
};

}  // namespace

TEST_CASE("random code stays inside its guest") {
    constexpr std::uint64_t kInstructions = 2000;
    Random random(setting("NYX_SOFT_SEED", 1));
    std::uint64_t executed = 0;
    for (std::uint64_t round = setting("NYX_SOFT_ROUNDS", 300); round != 0; --round) {
        Fuzz fuzz(random);
        fuzz.start();
        for (int again = 0; again < 4 && fuzz.cpu.activity == Activity::kRunning; ++again) fuzz.cpu.run(kInstructions);
        CHECK(fuzz.cpu.instructions <= 4 * kInstructions);
        executed += fuzz.cpu.instructions;
    }
    MESSAGE(executed << " instructions");
    CHECK(executed > 0);
}

}  // namespace nyx::soft

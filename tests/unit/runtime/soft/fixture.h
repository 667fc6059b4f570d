// A CPU with 1 MiB of RAM at 0 and nothing around it, in a mode of the test's choice and with paging off.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <vector>

#include "runtime/soft/cpu.h"

namespace nyx::soft {

struct FakeSurroundings : Surroundings {
    std::map<std::uint16_t, std::uint32_t> ports;  // what was written last, which is what is read
    std::vector<std::uint8_t> interrupts;          // taken from the front
    std::map<std::uint32_t, std::uint64_t> apic_msrs;
    bool has_apic = true;
    std::uint64_t priority = 0, ticks = 0;
    unsigned reads = 0;             // of ports
    std::function<void()> on_port;  // called for each access of a port
    std::function<void()> on_acknowledge;

    void read_port(std::uint16_t port, std::span<std::uint8_t> data) override {
        ++reads;
        if (on_port) on_port();
        for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(ports[port] >> (8 * i));
    }
    void write_port(std::uint16_t port, std::span<const std::uint8_t> data) override {
        if (on_port) on_port();
        ports[port] = 0;
        for (std::size_t i = 0; i < data.size(); ++i) ports[port] |= std::uint32_t{data[i]} << (8 * i);
    }
    void read_mmio(std::uint64_t, std::span<std::uint8_t> data) override {
        for (std::uint8_t& byte : data) byte = 0xFF;
    }
    void write_mmio(std::uint64_t, std::span<const std::uint8_t>) override {}
    std::optional<std::uint8_t> acknowledge_interrupt() override {
        if (interrupts.empty()) return std::nullopt;
        if (on_acknowledge) on_acknowledge();
        std::uint8_t first = interrupts.front();
        interrupts.erase(interrupts.begin());
        return first;
    }
    std::uint64_t task_priority() override { return priority; }
    void set_task_priority(std::uint64_t value) override { priority = value; }
    std::optional<std::uint64_t> read_apic_msr(std::uint32_t index) override {
        return has_apic ? std::optional(apic_msrs[index]) : std::nullopt;
    }
    bool write_apic_msr(std::uint32_t index, std::uint64_t value) override {
        if (has_apic) apic_msrs[index] = value;
        return has_apic;
    }
    std::uint64_t random() override { return ++ticks * 0x9E3779B97F4A7C15; }
    std::uint64_t tsc() override { return ticks; }
};

struct Fixture {
    static constexpr std::uint64_t kCode = 0x1000, kStack = 0x9000, kData = 0x20000;
    static constexpr std::uint64_t kRamSize = 1 << 20;

    std::vector<std::uint8_t> storage = std::vector<std::uint8_t>(kRamSize + kPageSize);
    std::uint8_t* ram = storage.data() + (kPageSize - reinterpret_cast<std::uintptr_t>(storage.data()) % kPageSize);
    FakeSurroundings around;
    PhysicalMemory memory;
    std::unique_ptr<Cpu> cpu;

    explicit Fixture(unsigned code_bits = 64, std::vector<CpuidLeaf> cpuid = {}) {
        (void)memory.map({0, kRamSize}, ram, false);
        cpu = std::make_unique<Cpu>(memory, around, std::move(cpuid), 0);
        set_up(*cpu, code_bits);
    }

    // Flat segments, code at kCode and a stack.
    static void set_up(Cpu& cpu, unsigned code_bits) {
        auto flat = static_cast<std::uint16_t>(Segment::kPresent | Segment::kS | Segment::kG | 3);
        cpu.segments[kCs].base = 0;
        if (code_bits != 16) {
            cpu.control.cr0 |= kCr0Pe;
            for (Seg segment : {kEs, kCs, kSs, kDs, kFs, kGs}) {
                cpu.segments[segment].limit = 0xFFFFFFFF;
                cpu.segments[segment].access = static_cast<std::uint16_t>(flat | Segment::kDb);
            }
            cpu.segments[kCs].access = static_cast<std::uint16_t>(cpu.segments[kCs].access | 8);
        }
        if (code_bits == 64) {
            cpu.control.efer = kEferLme | kEferLma;
            cpu.segments[kCs].access = static_cast<std::uint16_t>(flat | 8 | Segment::kL);
        }
        cpu.rip = kCode;
        cpu.gpr[kRsp] = kStack;
        cpu.mode_changed();
    }

    void put(std::uint64_t at, std::initializer_list<std::uint8_t> bytes) {
        std::copy(bytes.begin(), bytes.end(), ram + at);
    }
    template <class T>
    T at(std::uint64_t address) const {
        T value;
        std::memcpy(&value, ram + address, sizeof(T));
        return value;
    }
    template <class T>
    void set_at(std::uint64_t address, T value) {
        std::memcpy(ram + address, &value, sizeof(T));
    }
    // Runs this code, `count` instructions of it.
    void run(std::initializer_list<std::uint8_t> code, std::uint64_t count = 1) {
        put(cpu->rip, code);
        memory.wrote({cpu->rip, code.size()});
        cpu->run(count);
    }
};

}  // namespace nyx::soft

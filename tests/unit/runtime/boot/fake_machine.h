// A plan and RAM to load images into, without a hypervisor.
#pragma once

#include <doctest/doctest.h>

#include "devices/kit/guest_memory.h"
#include "made_images.h"
#include "runtime/boot/boot.h"

namespace nyx::boot {

// 32 MiB of RAM in two pieces, as a PC has it, filled with 0xCC so that what was not zeroed shows.
struct FakeMachine {
    static constexpr std::uint64_t kLowSize = 0xA0000;
    static constexpr std::uint64_t kHighBase = 0xC0000;
    static constexpr std::uint64_t kRamEnd = 0x2000000;

    explicit FakeMachine(plan::BootProtocol protocol) : ram(kRamEnd, 0xCC) {
        memory = *dev::GuestMemory::create(
            {{{0, kLowSize}, ram.data()}, {{kHighBase, kRamEnd - kHighBase}, ram.data() + kHighBase}});
        plan.ram = {{.range = {0, kLowSize}}, {.range = {kHighBase, kRamEnd - kHighBase}}};
        plan.e820 = {{.range = {0, kLowSize}, .type = 1}, {.range = {0x100000, kRamEnd - 0x100000}, .type = 1}};
        plan.rsdp = 0xE0000;
        plan.boot.protocol = protocol;
        plan.boot.image = "kernel";
        plan.boot.cmdline = "console=ttyS0";
        plan.boot.addresses = {.boot_params = 0x7000,
                               .cmdline = 0x20000,
                               .gdt = 0x1000,
                               .page_tables = 0x8000,
                               .stack = 0x3000,
                               .initrd = 0};
    }

    void add_initrd(std::uint64_t address, Bytes contents) {
        plan.boot.initrd = "initrd";
        plan.boot.addresses.initrd = address;
        initrd = std::move(contents);
    }

    Result<InitialState> load(const Bytes& image) {
        Images images{.image = image};
        if (initrd) images.initrd = *initrd;
        return boot::load(plan, images, memory);
    }

    template <class T>
    T at(std::uint64_t address) const {
        auto value = memory.read_value<T>(address);
        REQUIRE(value);
        return *value;
    }
    std::string text(std::uint64_t address) const { return reinterpret_cast<const char*>(ram.data() + address); }

    Bytes ram;
    std::optional<Bytes> initrd;
    dev::GuestMemory memory;
    plan::MachinePlan plan;
};

inline bool says(const Error& error, std::string_view part) {
    return error.message.find(part) != std::string::npos;
}

}  // namespace nyx::boot

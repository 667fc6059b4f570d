// PVH start info (version 1), multiboot 1 information, or Linux's zero page; each gives a command line and a memory
// map.
#include "cpu.h"
#include "probe.h"
#include "report.h"

extern "C" char image_start[], image_end[];

namespace probe {
namespace {

constexpr uint64_t kFourGiB = uint64_t{1} << 32;
constexpr uint32_t kUsable = 1;
constexpr uint32_t kMaxEntries = 64;

struct MemoryRange {
    uint64_t base, size;
    uint32_t type;
};

MemoryRange ranges[kMaxEntries];
uint32_t range_count = 0;
uint64_t rsdp = 0;

void add_range(uint64_t base, uint64_t size, uint32_t type) {
    if (range_count < kMaxEntries) ranges[range_count++] = {base, size, type};
}

void print_cmdline(uint64_t address) {
    if (address == 0) return;
    print("probe: cmdline ");
    const char* text = reinterpret_cast<const char*>(address);
    uint64_t size = 0;
    while (size < 4096 && text[size] != 0) ++size;
    print_raw(text, size);
    print("\r\n");
}

void read_pvh(uint64_t info) {
    line("boot pvh");
    check("pvh-magic", load<uint32_t>(info) == 0x336EC578);
    check("pvh-version", load<uint32_t>(info + 4) >= 1);
    print_cmdline(load<uint64_t>(info + 24));
    rsdp = load<uint64_t>(info + 32);
    for (uint32_t i = 0, n = load<uint32_t>(info + 12); i < n; ++i) {
        const uint64_t module = load<uint64_t>(info + 16) + i * 32;
        line("module ", Hex{load<uint64_t>(module)}, " size ", load<uint64_t>(module + 8));
    }
    const uint64_t map = load<uint64_t>(info + 40);
    for (uint32_t i = 0, n = load<uint32_t>(info + 48); i < n; ++i) {
        const uint64_t entry = map + i * 24;
        add_range(load<uint64_t>(entry), load<uint64_t>(entry + 8), load<uint32_t>(entry + 16));
    }
}

void read_multiboot(uint64_t info) {
    line("boot multiboot1");
    const auto flags = load<uint32_t>(info);
    if ((flags & 4) != 0) print_cmdline(load<uint32_t>(info + 16));
    if ((flags & 8) != 0) {
        for (uint32_t i = 0, n = load<uint32_t>(info + 20); i < n; ++i) {
            const uint64_t module = load<uint32_t>(info + 24) + i * 16;
            line("module ", Hex{load<uint32_t>(module)}, " size ",
                 uint64_t{load<uint32_t>(module + 4) - load<uint32_t>(module)});
        }
    }
    if ((flags & 64) == 0) return;
    uint64_t entry = load<uint32_t>(info + 48);
    const uint64_t end = entry + load<uint32_t>(info + 44);
    for (; entry + 24 <= end; entry += load<uint32_t>(entry) + 4) {
        add_range(load<uint64_t>(entry + 4), load<uint64_t>(entry + 12), load<uint32_t>(entry + 20));
    }
}

void read_zero_page(uint64_t page) {
    line("boot linux64");
    print_cmdline(load<uint32_t>(page + 0x228));
    rsdp = load<uint64_t>(page + 0x70);
    if (load<uint32_t>(page + 0x21C) != 0)
        line("module ", Hex{load<uint32_t>(page + 0x218)}, " size ", uint64_t{load<uint32_t>(page + 0x21C)});
    for (uint32_t i = 0, n = load<uint8_t>(page + 0x1E8); i < n; ++i) {
        const uint64_t entry = page + 0x2D0 + i * 20;
        add_range(load<uint64_t>(entry), load<uint64_t>(entry + 8), load<uint32_t>(entry + 16));
    }
}

// Both patterns must come back, so a cell that is stuck or not there shows. What stood there is put back.
bool is_writable(uint64_t address) {
    const auto before = load<uint64_t>(address);
    store<uint64_t>(address, 0x5AA55AA5C33CC33C);
    const bool first = load<uint64_t>(address) == 0x5AA55AA5C33CC33C;
    store<uint64_t>(address, ~uint64_t{0x5AA55AA5C33CC33C});
    const bool second = load<uint64_t>(address) == ~uint64_t{0x5AA55AA5C33CC33C};
    store<uint64_t>(address, before);
    return first && second;
}

bool is_own(uint64_t address) {
    return address + 8 > reinterpret_cast<uint64_t>(image_start) && address < reinterpret_cast<uint64_t>(image_end);
}

const char* type_name(uint32_t type) {
    switch (type) {
        case 1:
            return " usable";
        case 2:
            return " reserved";
        case 3:
            return " acpi";
        case 4:
            return " nvs";
        default:
            return " other";
    }
}

// First and last eight bytes of each usable range below 4 GiB: what the page tables reach.
bool ends_writable(const MemoryRange& range) {
    const uint64_t first = (range.base + 7) & ~uint64_t{7};
    const uint64_t last = (range.base + range.size - 8) & ~uint64_t{7};
    const uint64_t ends[] = {first, last};
    for (uint64_t address : ends) {
        if (!is_own(address) && !is_writable(address)) return false;
    }
    return true;
}

}  // namespace

uint64_t rsdp_from_boot() {
    return rsdp;
}

void report_boot(uint32_t protocol, uint64_t information) {
    if (protocol == 1) {
        read_pvh(information);
    } else if (protocol == 2) {
        read_multiboot(information);
    } else if (protocol == 3 && information != 0) {
        read_zero_page(information);
    } else {
        line("boot elf64");
    }
}

void report_memory() {
    uint64_t usable = 0;
    bool ordered = true;
    for (uint32_t i = 0; i < range_count; ++i) {
        const MemoryRange& range = ranges[i];
        line("memory ", Hex{range.base}, "-", Hex{range.base + range.size}, type_name(range.type));
        if (i > 0 && range.base < ranges[i - 1].base + ranges[i - 1].size) ordered = false;
        if (range.type != kUsable) continue;
        usable += range.size;
        if (range.base + range.size > kFourGiB || range.size < 16) continue;
        check("ram-writable", ends_writable(range), Hex{range.base}, "-", Hex{range.base + range.size});
    }
    if (range_count == 0) return;
    line("memory usable ", usable >> 10, " KiB");
    check("memory-map-ordered", ordered);
}

}  // namespace probe

// Boot images made by hand, field by field, for the tests of runtime/image and runtime/boot.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/base/bits.h"
#include "runtime/base/bytes.h"

namespace nyx::made {

struct ElfSegment {
    std::uint64_t paddr = 0x100000;
    std::uint64_t vaddr = 0x100000;
    Bytes contents;
    std::uint64_t memsz = 0;  // 0: as large as contents
};

struct ElfOptions {
    bool is_64 = true;
    std::uint64_t entry = 0x100000;
    std::vector<ElfSegment> segments{{.contents = Bytes(64, 0xF4)}};
    std::optional<std::uint32_t> pvh_entry = std::nullopt;
};

// Header at 0, program headers at 64, notes at 0x200, segments from 0x1000, a page each.
Bytes elf(const ElfOptions& options = {});

struct BzImageOptions {
    std::uint16_t version = 0x20F;
    std::uint64_t pref_address = 0x1000000;
    std::uint32_t init_size = 0x100000;
    std::uint32_t cmdline_size = 2047;
    std::uint32_t initrd_addr_max = 0x7FFFFFFF;
    std::uint16_t xloadflags = 3;
    bool relocatable = true;
    Bytes kernel = Bytes(0x1000, 0x90);
};
Bytes bzimage(const BzImageOptions& options = {});

// A header with address fields at file offset 0, loaded at load_addr, entered behind the header.
Bytes multiboot(std::uint32_t flags = 0x10003, std::uint32_t load_addr = 0x100000, std::uint32_t bss = 0x100);

}  // namespace nyx::made

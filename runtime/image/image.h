// What a boot image is, found from its own headers without believing any of them.
//
// inspect() reads ELF (32 and 64 bits, with the PVH note), Linux bzImage and multiboot 1 headers. Every range in the
// result lies inside the file, every load range is free of wrap-around, ascending and disjoint, and every entry point
// lies in a loaded segment. Whether the ranges fit into a machine's RAM is the loader's question (runtime/boot).
// Functions here are pure; errors are ErrorCode::kCorrupt for a format that contradicts itself and kUnsupported for one
// that is sound but not bootable here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/base/bits.h"
#include "runtime/base/bytes.h"
#include "runtime/base/result.h"

namespace nyx::image {

// file.size bytes of the file go to physical `memory.base`; the rest of `memory` is zero. file.size <= memory.size.
struct Segment {
    Range file;
    Range memory;
};

// An x86 executable in ELF (System V gABI, chapters 4 and 5). Physical addresses are p_paddr.
struct Elf {
    bool is_64 = true;
    std::uint64_t entry = 0;                 // physical: a virtual e_entry is translated by the segment that holds it
    std::vector<Segment> segments;           // PT_LOAD, ascending by memory.base
    std::optional<std::uint32_t> pvh_entry;  // XEN_ELFNOTE_PHYS32_ENTRY: 32-bit protected mode entry
};

// Linux's setup header (Documentation/arch/x86/boot.rst). Fields have the kernel's names.
struct BzImage {
    std::uint16_t version = 0;  // 0x020C: boot protocol 2.12
    std::uint16_t xloadflags = 0;
    Range setup_header;    // in the file, from 0x1F1: what goes into the zero page at the same offset
    Range protected_mode;  // in the file: the compressed kernel, loaded at `load`
    std::uint64_t pref_address = 0;
    std::uint64_t init_size = 0;  // memory the kernel needs from its load address until it runs
    std::uint64_t kernel_alignment = 0;
    std::uint64_t initrd_addr_max = 0;  // highest address that the initrd's last byte may have
    std::uint32_t cmdline_size = 0;     // without the final NUL
    bool relocatable = false;

    bool has_64bit_entry() const { return (xloadflags & 1) != 0; }    // XLF_KERNEL_64
    bool can_load_above_4g() const { return (xloadflags & 2) != 0; }  // XLF_CAN_BE_LOADED_ABOVE_4G
};

// Not ELF and not a bzImage: bytes for a flat or firmware boot.
struct Raw {};

// Multiboot 1 (Multiboot Specification 0.6.96 §3.1). It may stand in an ELF file as well.
struct Multiboot {
    std::uint32_t flags = 0;
    bool wants_memory_info() const { return (flags & 2) != 0; }
    bool aligns_modules() const { return (flags & 1) != 0; }
    // Only with flag 16, the address fields; otherwise the ELF header says what goes where.
    struct Addresses {
        Segment segment;
        std::uint32_t entry = 0;
    };
    std::optional<Addresses> addresses;
};

struct ImageInfo {
    std::variant<Elf, BzImage, Raw> format;
    std::optional<Multiboot> multiboot;
    std::uint64_t size = 0;  // of the file

    // For messages: "64-bit ELF with a PVH entry", "Linux bzImage, boot protocol 2.15", "raw bytes".
    std::string_view kind() const;
};

Result<ImageInfo> inspect(ByteView file);

// The same, but anything other than the wanted format is an error that says what the file is instead.
Result<Elf> inspect_elf(ByteView file);
Result<BzImage> inspect_bzimage(ByteView file);
Result<Multiboot> inspect_multiboot(ByteView file);
// Firmware ends at 4 GiB and is mapped in pages: a multiple of 4 KiB (64 KiB above 64 KiB), at most 16 MiB.
Status check_firmware(ByteView file);

inline constexpr std::uint64_t kMaxFirmwareSize = std::uint64_t{16} << 20;

// Where a loader should put a bzImage's protected-mode kernel when RAM is [1 MiB, ram_end): pref_address, or the lowest
// aligned address for a relocatable kernel that does not fit there.
Result<std::uint64_t> bzimage_load_address(const BzImage& kernel, std::uint64_t ram_end);

}  // namespace nyx::image

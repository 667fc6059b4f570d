// The placed machine: only numbers and names, in canonical order, nothing overlapping, no fact of any host.
//
// Written by compiler/place, read by everything after it. Its canonical JSON (plan_json.h) is what is hashed and what a
// bundle carries; equal plans give equal bytes. What the host does for a device (which file, which terminal) is the
// HostWiring beside it and not part of the machine's identity. Plans read from a file are checked by parse_plan once;
// after that every range here is inside the guest's address space, ordered and free of overlap.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/base/bits.h"
#include "runtime/base/sha256.h"

namespace nyx::plan {

// RAM by guest-physical address. offset: where in the machine's memory (memory_size bytes) it starts. Below the PCI
// hole it equals the address, so that host and guest agree modulo 2 MiB and huge pages fit; the 128 KiB behind the VGA
// hole are never touched.
struct RamRegion {
    Range range;
    std::uint64_t offset = 0;
};

// Address range without RAM that is not one device's: "vga", "pci-hole", "ioapic", "lapic", and "hypervisor", where the
// runtime may put what the processor wants to itself (KVM_SET_TSS_ADDR, the identity map page). They do not overlap.
struct Window {
    std::string name;
    Range range;
};

// ACPI 6.5 §15: 1 usable, 2 reserved, 3 ACPI data, 4 ACPI NVS.
struct E820Entry {
    Range range;
    std::uint32_t type = 1;
};

struct CpuidBits {
    std::uint32_t leaf = 0;
    std::uint32_t subleaf = 0;
    char reg = 'a';
    std::uint32_t clear = 0;
    std::uint32_t require = 0;
};

struct CpuPlan {
    std::uint32_t count = 1;
    std::string profile;
    std::vector<CpuidBits> bits;
    std::map<std::string, std::vector<CpuidBits>> quirks;  // by kind of host
};

using Setting = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;
// For people.
std::string setting_text(const Setting& setting);

struct DevicePlan {
    std::string name;
    std::string type;
    std::vector<Range> pio;   // ports
    std::vector<Range> mmio;  // guest-physical
    std::vector<std::uint32_t> gsis;
    std::map<std::string, Setting> settings;
};

enum class BootProtocol { kFlat, kElf64, kPvh, kLinux64, kMultiboot1, kFirmware };
enum class EntryMode { kReal16, kProtected32, kLong64 };

// Where the loader puts what it makes; chosen by compiler/place so that the guest sees the same addresses on every
// host. Each is page-aligned, in RAM, apart from the others and from the image. Unused ones are 0.
struct BootAddresses {
    static constexpr std::uint64_t kBootParamsSize = 0x1000;
    static constexpr std::uint64_t kCmdlineSize = 0x1000;  // with the final NUL
    static constexpr std::uint64_t kGdtSize = 0x1000;
    static constexpr std::uint64_t kPageTablesSize =
        0x6000;  // PML4, PDPT, 4 page directories: identity map of the first 4 GiB
    static constexpr std::uint64_t kStackSize = 0x1000;

    std::uint64_t boot_params = 0;  // Linux zero page, PVH hvm_start_info or multiboot information, with their lists
    std::uint64_t cmdline = 0;      // linux64, pvh, multiboot1
    std::uint64_t gdt = 0;          // all but flat kReal16 and firmware
    std::uint64_t page_tables = 0;  // linux64, elf64, flat kLong64
    std::uint64_t stack = 0;        // top; the kStackSize bytes below are its area. All but firmware
    std::uint64_t initrd = 0;       // initrd, or multiboot module; its size is that of the ImageRef
};

struct BootPlan {
    BootProtocol protocol = BootProtocol::kElf64;
    std::string image;                  // id of the ImageRef
    std::optional<std::string> initrd;  // id of the ImageRef (module, for multiboot)
    std::string cmdline;
    std::uint64_t load =
        0;  // kFlat, kFirmware: where the image's first byte goes; kLinux64 with a bzImage: its protected-mode part
    std::uint64_t entry = 0;  // kFlat
    EntryMode mode = EntryMode::kLong64;
    BootAddresses addresses;
};

// A file the machine needs, by content.
struct ImageRef {
    std::string id;  // "kernel", "initrd", "firmware"
    Digest digest{};
    std::uint64_t size = 0;
};

// Bytes that the compiler made and the loader copies into guest memory before the start: section "acpi" at 0xE0000, for
// example.
struct TableLoad {
    std::string section;  // name of the bundle's section
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    Digest digest{};
};

struct MachinePlan {
    static constexpr std::uint32_t kFormat = 2;
    static constexpr std::uint32_t kFormatWithoutPrograms = 1;  // what a plan without programs has

    std::string name;
    CpuPlan cpu;
    std::uint64_t memory_size = 0;  // bytes that ram is cut from
    std::vector<RamRegion> ram;     // ascending
    std::vector<Window> windows;    // ascending
    std::vector<E820Entry> e820;    // ascending
    bool pit = true;
    bool acpi = true;
    std::uint32_t sci_gsi = 9;
    std::vector<DevicePlan> devices;         // by name
    std::map<std::string, Digest> programs;  // device type → its program's (devices/ir), of types described in Nyx
    BootPlan boot;
    std::vector<ImageRef> images;   // by id
    std::vector<TableLoad> tables;  // by section
    std::uint64_t rsdp = 0;         // guest-physical address of the RSDP; 0 without ACPI

    // Null where there is none.
    const DevicePlan* find_device(std::string_view device_name) const;
    // The first of this type.
    const DevicePlan* find_type(std::string_view type) const;
    const ImageRef* find_image(std::string_view id) const;
    const Window* find_window(std::string_view window_name) const;
};

// How the host serves each device: device name → setting → value ("com1" → "backend" → "stdio").
using HostWiring = std::map<std::string, std::map<std::string, Setting>>;

// How the machine is best run, where host and user leave the choice. Empty: it does not matter.
struct RunPreferences {
    std::string accelerator;  // "kvm", "soft"
    std::string irqchip;      // whose interrupt controllers KVM's guests have: "kernel", "user"
    bool empty() const { return accelerator.empty() && irqchip.empty(); }
    bool operator==(const RunPreferences&) const = default;
};

}  // namespace nyx::plan

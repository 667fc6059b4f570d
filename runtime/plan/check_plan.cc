#include "runtime/plan/check_plan.h"

#include <algorithm>
#include <set>

namespace nyx::plan {

namespace {

constexpr std::uint64_t kPortLimit = 0x10000;
constexpr std::size_t kMaxRanges = 64;  // of one kind in one list
constexpr std::size_t kMaxBits = 1024;  // cpuid entries of one list

template <class... Args>
Status broken(fmt::format_string<Args...> format, Args&&... args) {
    return fail(ErrorCode::kInvalidArgument, format, std::forward<Args>(args)...);
}

std::string text(Range range) {
    return fmt::format("{:#x}+{:#x}", range.base, range.size);
}

bool inside(Range range, std::uint64_t limit) {
    auto end = checked_add(range.base, range.size);
    return range.size > 0 && end && *end <= limit;
}

bool page_aligned(Range range) {
    return range.base % kPageSize == 0 && range.size % kPageSize == 0;
}

// range_of(element) gives its Range. Elements ascend and do not overlap.
template <class T, class RangeOf>
Status check_ascending(const char* what, const std::vector<T>& all, std::uint64_t limit, RangeOf range_of) {
    if (all.size() > kMaxRanges) return broken("{}: {} entries; at most {}", what, all.size(), kMaxRanges);
    std::uint64_t end = 0;
    for (const T& one : all) {
        Range range = range_of(one);
        if (!inside(range, limit)) return broken("{}: {} is empty or leaves the address space", what, text(range));
        if (range.base < end) return broken("{}: {} overlaps or precedes the entry before it", what, text(range));
        end = range.end();
    }
    return {};
}

template <class T, class KeyOf>
Status check_sorted_names(const char* what, const std::vector<T>& all, KeyOf key_of) {
    const std::string* previous = nullptr;
    for (const T& one : all) {
        const std::string& name = key_of(one);
        if (!is_plan_name(name)) return broken("{}: '{}' is not a name", what, name);
        if (previous && !(*previous < name)) return broken("{}: '{}' is not in order or appears twice", what, name);
        previous = &name;
    }
    return {};
}

bool in_ram(const MachinePlan& plan, Range range) {
    return std::any_of(plan.ram.begin(), plan.ram.end(),
                       [&](const RamRegion& ram) { return ram.range.contains(range); });
}

Status check_bits(const std::vector<CpuidBits>& bits) {
    if (bits.size() > kMaxBits) return broken("cpu: {} cpuid entries; at most {}", bits.size(), kMaxBits);
    for (const CpuidBits& one : bits) {
        if (one.reg < 'a' || one.reg > 'd') return broken("cpu: cpuid register is not one of a, b, c, d");
    }
    return {};
}

Status check_cpu(const CpuPlan& cpu) {
    if (cpu.count < 1 || cpu.count > kMaxCpus) return broken("cpu: {} processors; 1 to {}", cpu.count, kMaxCpus);
    if (!is_plan_name(cpu.profile)) return broken("cpu: profile '{}' is not a name", cpu.profile);
    NYX_TRY(check_bits(cpu.bits));
    if (cpu.quirks.size() > 16) return broken("cpu: {} kinds of host; at most 16", cpu.quirks.size());
    for (const auto& [host, bits] : cpu.quirks) {
        if (!is_plan_name(host)) return broken("cpu: kind of host '{}' is not a name", host);
        NYX_TRY(check_bits(bits));
    }
    return {};
}

Status check_ram(const MachinePlan& plan) {
    if (plan.memory_size % kPageSize != 0 || plan.memory_size == 0 || plan.memory_size > kAddressLimit) {
        return broken("memory: {:#x} is not a whole number of 4 KiB pages inside the address space", plan.memory_size);
    }
    NYX_TRY(check_ascending("ram", plan.ram, kAddressLimit, [](const RamRegion& r) { return r.range; }));
    if (plan.ram.empty()) return broken("ram: no region");
    std::uint64_t used = 0;
    for (const RamRegion& ram : plan.ram) {
        if (!page_aligned(ram.range) || ram.offset % kPageSize != 0)
            return broken("ram: {} is not page aligned", text(ram.range));
        if (ram.offset < used || !inside({ram.offset, ram.range.size}, plan.memory_size)) {
            return broken("ram: {} at offset {:#x} overlaps or leaves the memory", text(ram.range), ram.offset);
        }
        used = ram.offset + ram.range.size;
    }
    return {};
}

Status check_map(const MachinePlan& plan) {
    NYX_TRY(check_ram(plan));
    NYX_TRY(check_ascending("windows", plan.windows, kAddressLimit, [](const Window& w) { return w.range; }));
    std::set<std::string_view> names;
    for (const Window& window : plan.windows) {
        if (!is_plan_name(window.name) || !names.insert(window.name).second) {
            return broken("windows: '{}' is not a name or appears twice", window.name);
        }
        for (const RamRegion& ram : plan.ram) {
            if (ram.range.overlaps(window.range)) return broken("windows: {} lies on RAM", window.name);
        }
    }
    NYX_TRY(check_ascending("e820", plan.e820, kAddressLimit, [](const E820Entry& e) { return e.range; }));
    for (const E820Entry& entry : plan.e820) {
        if (entry.type < 1 || entry.type > 5) return broken("e820: type {} is not 1 to 5", entry.type);
        if (entry.type == 1 && !in_ram(plan, entry.range))
            return broken("e820: {} is usable but not RAM", text(entry.range));
    }
    return {};
}

Status check_settings(const DevicePlan& device) {
    if (device.settings.size() > 64) return broken("{}: {} settings; at most 64", device.name, device.settings.size());
    for (const auto& [name, value] : device.settings) {
        if (!is_plan_name(name)) return broken("{}: setting '{}' is not a name", device.name, name);
    }
    return {};
}

// Sorted ranges of all devices; kind is "ports" or "mmio".
Status check_disjoint(const char* kind, std::vector<Range> all) {
    std::sort(all.begin(), all.end(), [](Range a, Range b) { return a.base < b.base; });
    for (std::size_t i = 1; i < all.size(); ++i) {
        if (all[i].overlaps(all[i - 1])) return broken("{}: {} and {} overlap", kind, text(all[i - 1]), text(all[i]));
    }
    return {};
}

Status check_mmio(const MachinePlan& plan, const DevicePlan& device, Range range) {
    if (!inside(range, kAddressLimit)) return broken("{}: mmio {} leaves the address space", device.name, text(range));
    for (const RamRegion& ram : plan.ram) {
        if (ram.range.overlaps(range)) return broken("{}: mmio {} lies on RAM", device.name, text(range));
    }
    for (const Window& window : plan.windows) {
        bool shared = window.name == "pci-hole" || window.name == "vga";
        if (!shared && window.range.overlaps(range))
            return broken("{}: mmio {} lies on {}", device.name, text(range), window.name);
    }
    return {};
}

Status check_device(const MachinePlan& plan, const DevicePlan& device) {
    if (!is_plan_name(device.type)) return broken("{}: type '{}' is not a name", device.name, device.type);
    if (device.pio.size() > kMaxRanges || device.mmio.size() > kMaxRanges || device.gsis.size() > kMaxRanges) {
        return broken("{}: more than {} resources of one kind", device.name, kMaxRanges);
    }
    for (Range range : device.pio) {
        if (!inside(range, kPortLimit)) return broken("{}: ports {} leave 0..0xffff", device.name, text(range));
    }
    for (Range range : device.mmio) NYX_TRY(check_mmio(plan, device, range));
    for (std::uint32_t gsi : device.gsis) {
        if (gsi >= kGsiCount) return broken("{}: line {} is above {}", device.name, gsi, kGsiCount - 1);
    }
    return check_settings(device);
}

Status check_devices(const MachinePlan& plan) {
    if (plan.devices.size() > kMaxDevices) return broken("devices: {}; at most {}", plan.devices.size(), kMaxDevices);
    NYX_TRY(
        check_sorted_names("devices", plan.devices, [](const DevicePlan& d) -> const std::string& { return d.name; }));
    std::vector<Range> pio;
    std::vector<Range> mmio;
    std::set<std::uint32_t> gsis;
    for (const DevicePlan& device : plan.devices) {
        NYX_TRY(check_device(plan, device));
        pio.insert(pio.end(), device.pio.begin(), device.pio.end());
        mmio.insert(mmio.end(), device.mmio.begin(), device.mmio.end());
        for (std::uint32_t gsi : device.gsis) {
            if (!gsis.insert(gsi).second) return broken("{}: line {} is taken", device.name, gsi);
        }
    }
    NYX_TRY(check_disjoint("ports", std::move(pio)));
    return check_disjoint("mmio", std::move(mmio));
}

// Each is there for a device.
Status check_programs(const MachinePlan& plan) {
    for (const auto& [type, digest] : plan.programs)
        if (!plan.find_type(type)) return broken("programs: no device is a '{}'", type);
    return {};
}

Status check_boot_addresses(const MachinePlan& plan) {
    const BootAddresses& at = plan.boot.addresses;
    const struct {
        const char* name;
        std::uint64_t address;
        std::uint64_t size;
    } kAreas[] = {{"boot_params", at.boot_params, BootAddresses::kBootParamsSize},
                  {"cmdline", at.cmdline, BootAddresses::kCmdlineSize},
                  {"gdt", at.gdt, BootAddresses::kGdtSize},
                  {"page_tables", at.page_tables, BootAddresses::kPageTablesSize}};
    std::vector<Range> used;
    for (const auto& area : kAreas) {
        if (area.address == 0) continue;
        Range range{area.address, area.size};
        if (!inside(range, kAddressLimit) || area.address % kPageSize != 0 || !in_ram(plan, range)) {
            return broken("boot: {} at {:#x} is not whole pages of RAM", area.name, area.address);
        }
        used.push_back(range);
    }
    if (at.stack != 0) {
        Range stack{at.stack - BootAddresses::kStackSize, BootAddresses::kStackSize};
        if (at.stack < BootAddresses::kStackSize || !in_ram(plan, stack)) return broken("boot: stack is not in RAM");
        used.push_back(stack);
    }
    if (plan.boot.initrd) used.push_back({at.initrd, plan.find_image(*plan.boot.initrd)->size});
    for (const TableLoad& table : plan.tables) used.push_back({table.address, table.size});
    return check_disjoint("boot", std::move(used));
}

Status check_boot(const MachinePlan& plan) {
    const BootPlan& boot = plan.boot;
    if (!plan.find_image(boot.image)) return broken("boot: image '{}' is not in images", boot.image);
    if (boot.cmdline.size() >= BootAddresses::kCmdlineSize || boot.cmdline.find('\0') != std::string::npos) {
        return broken("boot: command line has a zero byte or more than {} bytes", BootAddresses::kCmdlineSize - 1);
    }
    if (boot.load >= kAddressLimit || boot.entry >= kAddressLimit)
        return broken("boot: load or entry outside the address space");
    if (boot.initrd) {
        const ImageRef* initrd = plan.find_image(*boot.initrd);
        if (!initrd) return broken("boot: initrd '{}' is not in images", *boot.initrd);
        Range range{boot.addresses.initrd, initrd->size};
        if (!inside(range, kAddressLimit) || !in_ram(plan, range))
            return broken("boot: initrd {} is not in RAM", text(range));
    }
    return check_boot_addresses(plan);
}

Status check_payload(const MachinePlan& plan) {
    if (plan.images.size() > 16 || plan.tables.size() > 16) return broken("more than 16 images or tables");
    NYX_TRY(check_sorted_names("images", plan.images, [](const ImageRef& i) -> const std::string& { return i.id; }));
    NYX_TRY(
        check_sorted_names("tables", plan.tables, [](const TableLoad& t) -> const std::string& { return t.section; }));
    for (const ImageRef& image : plan.images) {
        if (image.size == 0 || image.size > kAddressLimit)
            return broken("images: '{}' has an impossible size", image.id);
    }
    for (const TableLoad& table : plan.tables) {
        Range range{table.address, table.size};
        if (!inside(range, kAddressLimit) || !in_ram(plan, range))
            return broken("tables: {} at {} is not in RAM", table.section, text(range));
    }
    Range rsdp{plan.rsdp, 36};  // ACPI 6.5 §5.2.5.3
    if (plan.rsdp != 0 && (!inside(rsdp, kAddressLimit) || !in_ram(plan, rsdp)))
        return broken("rsdp at {:#x} is not in RAM", plan.rsdp);
    return {};
}

}  // namespace

bool is_plan_name(std::string_view name) {
    if (name.empty() || name.size() > kMaxNameLength) return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
               c == '-';
    });
}

Status check_plan(const MachinePlan& plan) {
    if (!is_plan_name(plan.name)) return broken("'{}' is not a name for a machine", plan.name);
    NYX_TRY(check_cpu(plan.cpu));
    NYX_TRY(check_map(plan));
    if (plan.sci_gsi >= kGsiCount) return broken("sci: line {} is above {}", plan.sci_gsi, kGsiCount - 1);
    NYX_TRY(check_devices(plan));
    NYX_TRY(check_programs(plan));
    NYX_TRY(check_payload(plan));
    return check_boot(plan);
}

}  // namespace nyx::plan

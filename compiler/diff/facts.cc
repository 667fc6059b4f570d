#include "compiler/diff/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "runtime/plan/fw_cfg_files.h"

namespace nyx::diff {

namespace {

using Kind = model::ResourceRequest::Kind;

std::string size_text(std::uint64_t bytes) {
    constexpr std::array<const char*, 5> kUnits = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    for (; bytes != 0 && bytes % 1024 == 0 && unit + 1 < kUnits.size(); bytes /= 1024) ++unit;
    return fmt::format("{} {}", bytes, kUnits[unit]);
}

std::string range_text(Range range) {
    if (range.size == 1) return fmt::format("{:#x}", range.base);
    return fmt::format("{:#x}–{:#x}", range.base, range.base + range.size - 1);
}

std::string digest_text(const Digest& digest) {
    return "sha256 " + to_hex(digest).substr(0, 12);
}

const model::Device* device_of(const Side& side, const plan::DevicePlan& device) {
    if (!side.machine) return nullptr;
    const auto& all = side.machine->devices;
    auto found = std::find_if(all.begin(), all.end(), [&](const model::Device& d) { return d.name == device.name; });
    if (found == all.end())
        found = std::find_if(all.begin(), all.end(), [&](const model::Device& d) { return d.type == device.type; });
    return found == all.end() || found->type != device.type ? nullptr : &*found;
}

class Lister {
  public:
    Lister(const Side& side, const Side& names) : side_(side), names_(names), plan_(*side.plan) {}

    std::vector<Fact> list() {
        board();
        processor();
        boot();
        preferences();
        for (const plan::DevicePlan& one : plan_.devices) device(one);
        consequences();
        return std::move(facts_);
    }

  private:
    Fact& add(std::string kind, std::string path, std::string text) {
        Fact fact;
        fact.kind = std::move(kind);
        fact.path = std::move(path);
        fact.key = text;
        fact.text = std::move(text);
        facts_.push_back(std::move(fact));
        return facts_.back();
    }

    template <class T>
    void from(Fact& fact, const model::Sourced<T>& value) {
        fact.where = value.where;
        fact.is_default = value.is_default;
    }

    Fact& add_number(std::string kind, std::string path, std::uint64_t number, std::string text) {
        Fact& fact = add(std::move(kind), std::move(path), std::move(text));
        fact.number = number;
        return fact;
    }

    void board() {
        const model::Machine* machine = side_.machine;
        Fact& name = add("name", "name", plan_.name);
        if (machine) name.where = machine->where;
        Fact& memory = add_number("memory", "memory", plan_.memory_size, size_text(plan_.memory_size));
        if (machine) from(memory, machine->memory);
        Fact& cpus = add_number("cpus", "cpus", plan_.cpu.count, fmt::format("{}", plan_.cpu.count));
        if (machine) from(cpus, machine->cpus);
        Fact& pit = add_number("pit", "pit", plan_.pit ? 1 : 0, plan_.pit ? "true" : "false");
        if (machine) from(pit, machine->pit);
        Fact& acpi = add_number("acpi", "acpi", plan_.acpi ? 1 : 0, plan_.acpi ? "true" : "false");
        if (machine) from(acpi, machine->acpi);
        Fact& sci = add("sci", "acpi.sci", fmt::format("{}", plan_.sci_gsi));
        sci.follows = true;  // from the line of the power management device
    }

    Fact& add_bits(const char* kind, const std::vector<plan::CpuidBits>& bits, std::uint32_t plan::CpuidBits::* mask) {
        int count = 0;
        Fact& fact = add(kind, kind, "");
        for (const plan::CpuidBits& one : bits) {
            if (one.*mask == 0) continue;
            count += std::popcount(one.*mask);
            fact.bits.emplace_back(fmt::format("{:x}.{:x}.{}", one.leaf, one.subleaf, one.reg), one.*mask);
        }
        std::sort(fact.bits.begin(), fact.bits.end());
        fact.text = fmt::format("{} feature{}", count, count == 1 ? "" : "s");
        fact.key.clear();
        for (const auto& [name, value] : fact.bits) fact.key += fmt::format("{}={:x} ", name, value);
        return fact;
    }

    void processor() {
        auto sourced = [&](Fact& fact) {
            if (side_.machine) from(fact, side_.machine->cpu);
        };
        sourced(add("cpu.profile", "cpu.profile", plan_.cpu.profile));
        sourced(add_bits("cpu.hidden", plan_.cpu.bits, &plan::CpuidBits::clear));
        sourced(add_bits("cpu.required", plan_.cpu.bits, &plan::CpuidBits::require));
        std::vector<plan::CpuidBits> quirks;
        for (const auto& [host, bits] : plan_.cpu.quirks) quirks.insert(quirks.end(), bits.begin(), bits.end());
        sourced(add_bits("cpu.quirks", quirks, &plan::CpuidBits::clear));
    }

    struct BootSource {
        const model::Sourced<model::Image>* image = nullptr;
        const model::Sourced<model::Image>* initrd = nullptr;
        const model::Sourced<std::string>* cmdline = nullptr;
    };

    BootSource boot_source() const {
        BootSource source;
        if (!side_.machine) return source;
        auto maybe = [](const auto& image) { return image ? &*image : nullptr; };
        std::visit(
            [&](const auto& boot) {
                if constexpr (requires { boot.kernel; }) source.image = &boot.kernel;
                if constexpr (requires { boot.image; }) source.image = &boot.image;
                if constexpr (requires { boot.initrd; }) source.initrd = maybe(boot.initrd);
                if constexpr (requires { boot.module; }) source.initrd = maybe(boot.module);
                if constexpr (requires { boot.cmdline; }) source.cmdline = &boot.cmdline;
            },
            side_.machine->boot.value);
        return source;
    }

    void image(const char* kind, const std::string& id, const model::Sourced<model::Image>* source) {
        const plan::ImageRef* known = plan_.find_image(id);
        if (!known) return;
        Fact& fact = add(kind, kind, digest_text(known->digest));
        fact.key = to_hex(known->digest);
        if (!source) return;
        fact.text = fmt::format("{} ({})", source->value.written, fact.text);
        from(fact, *source);
    }

    void boot() {
        constexpr std::array<const char*, 6> kProtocols = {"flat", "elf", "pvh", "linux", "multiboot", "firmware"};
        constexpr std::array<const char*, 3> kModes = {"real16", "protected32", "long64"};
        const plan::BootPlan& boot = plan_.boot;
        BootSource source = boot_source();
        auto sourced = [&](Fact& fact) {
            if (side_.machine) from(fact, side_.machine->boot);
        };
        sourced(add("boot.protocol", "boot.protocol", kProtocols.at(static_cast<std::size_t>(boot.protocol))));
        image("boot.image", boot.image, source.image);
        if (boot.initrd) image("boot.initrd", *boot.initrd, source.initrd);
        if (!boot.cmdline.empty()) {
            Fact& cmdline = add("boot.cmdline", "boot.cmdline", fmt::format("\"{}\"", boot.cmdline));
            if (source.cmdline) from(cmdline, *source.cmdline);
        }
        if (boot.protocol != plan::BootProtocol::kFlat) return;
        sourced(add("boot.load", "boot.load", fmt::format("{:#x}", boot.load)));
        sourced(add("boot.entry", "boot.entry", fmt::format("{:#x}", boot.entry)));
        sourced(add("boot.mode", "boot.mode", kModes.at(static_cast<std::size_t>(boot.mode))));
    }

    void preferences() {
        const plan::RunPreferences& run = *side_.preferences;
        const model::Machine* machine = side_.machine;
        auto one = [&](const char* name, const std::string& value, const auto* source) {
            if (value.empty()) return;
            Fact& fact = add("run", name, value);
            if (source && *source) from(fact, **source);
        };
        one("accelerator", run.accelerator, machine ? &machine->accelerator : nullptr);
        one("irqchip", run.irqchip, machine ? &machine->irqchip : nullptr);
    }

    // The k-th resource of this kind, as the schema calls it.
    const model::ResourceRequest* resource(const model::Device* device, Kind kind, std::size_t k) const {
        if (!device) return nullptr;
        for (const model::ResourceRequest& one : device->resources)
            if (one.kind == kind && k-- == 0) return &one;
        return nullptr;
    }

    void add_resource(const plan::DevicePlan& device, const char* rule, Kind kind, std::size_t k, std::string text) {
        const model::Device* own = device_of(side_, device);
        const model::ResourceRequest* wanted = resource(own, kind, k);
        const model::ResourceRequest* named = wanted ? wanted : resource(device_of(names_, device), kind, k);
        std::string name = named ? named->field : fmt::format("{}[{}]", rule, k);
        Fact& fact = add(rule, fmt::format("{}.{}.{}", device.type, device.name, name), std::move(text));
        if (!wanted) return;
        bool fixed = wanted->fixed && !wanted->fixed->is_default;
        fact.where = fixed ? wanted->fixed->where : own->where;
        fact.is_default = !fixed;
    }

    void device(const plan::DevicePlan& device) {
        std::string path = device.type + "." + device.name;
        const model::Device* source = device_of(side_, device);
        Fact& there = add("device", path, device.type);
        if (source) there.where = source->where;
        if (source) there.is_default = source->is_default;
        for (std::size_t k = 0; k < device.pio.size(); ++k)
            add_resource(device, "ports", Kind::kPio, k, range_text(device.pio[k]));
        for (std::size_t k = 0; k < device.mmio.size(); ++k)
            add_resource(device, "mmio", Kind::kMmio, k, range_text(device.mmio[k]));
        for (std::size_t k = 0; k < device.gsis.size(); ++k)
            add_resource(device, "line", Kind::kGsi, k, fmt::format("{}", device.gsis[k]));
        for (const auto& [name, value] : device.settings) {
            Fact& fact = add("setting " + device.type + "." + name, path + "." + name, plan::setting_text(value));
            if (source) field(fact, source->fields, name);
            // What no field says the compiler has worked out from the rest of the machine.
            const model::Device* known = source ? source : device_of(names_, device);
            fact.follows = known && !known->fields.contains(name);
        }
        contents(device, path, source);
        auto host = side_.wiring->find(device.name);
        if (host == side_.wiring->end()) return;
        for (const auto& [name, value] : host->second) {
            Fact& fact = add("host", path + "." + name, plan::setting_text(value));
            if (source) field(fact, source->host, name);
        }
    }

    // What a device is made of and holds, by its digest.
    void contents(const plan::DevicePlan& device, const std::string& path, const model::Device* source) {
        auto digest = [&](const char* kind, const Digest& value) {
            Fact& fact = add(kind, path + "." + kind, digest_text(value));
            fact.key = to_hex(value);
            if (source) fact.where = source->where;
        };
        const auto program = plan_.programs.find(device.type);
        if (program != plan_.programs.end()) digest("program", program->second);
        const plan::ImageRef* files = device.type == "fw_cfg" ? plan_.find_image(plan::kFwCfgImage) : nullptr;
        if (files) digest("files", files->digest);
    }

    void field(Fact& fact, const std::map<std::string, model::Field>& fields, const std::string& name) {
        auto found = fields.find(name);
        if (found != fields.end()) from(fact, found->second);
    }

    void follow(const char* kind, std::string path, std::string text) {
        add(kind, std::move(path), std::move(text)).follows = true;
    }

    void consequences() {
        std::string ram, windows;
        for (const plan::RamRegion& one : plan_.ram) ram += (ram.empty() ? "" : ", ") + range_text(one.range);
        for (const plan::Window& one : plan_.windows)
            windows += (windows.empty() ? "" : ", ") + one.name + " " + range_text(one.range);
        follow("memory-map", "memory-map.ram", ram);
        follow("memory-map", "memory-map.windows", windows);
        const plan::BootAddresses& at = plan_.boot.addresses;
        const std::array<std::pair<const char*, std::uint64_t>, 6> kAddresses = {{{"boot_params", at.boot_params},
                                                                                  {"cmdline", at.cmdline},
                                                                                  {"gdt", at.gdt},
                                                                                  {"page_tables", at.page_tables},
                                                                                  {"stack", at.stack},
                                                                                  {"initrd", at.initrd}}};
        for (const auto& [name, address] : kAddresses)
            if (address != 0)
                follow("boot.address", fmt::format("boot.addresses.{}", name), fmt::format("{:#x}", address));
        for (const plan::TableLoad& one : plan_.tables)
            follow("table", "tables." + one.section,
                   fmt::format("{}, {}", size_text(one.size), digest_text(one.digest)));
    }

    const Side& side_;
    const Side& names_;
    const plan::MachinePlan& plan_;
    std::vector<Fact> facts_;
};

}  // namespace

std::vector<Fact> facts_of(const Side& side, const Side& names) {
    return Lister(side, names).list();
}

}  // namespace nyx::diff

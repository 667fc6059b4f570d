#include "compiler/interchange/emit_libvirt.h"

#include <fmt/format.h>

#include <filesystem>
#include <pugixml.hpp>
#include <sstream>

#include "compiler/interchange/processors.h"
#include "compiler/interchange/text.h"

namespace nyx::interchange {

namespace {

using Node = pugi::xml_node;

class Writer {
  public:
    Writer(const model::Machine& machine, const check::TypedMachine& typed, const plan::MachinePlan& plan,
           diagnostics::Sink& sink)
        : machine_(machine), typed_(typed), plan_(plan), sink_(sink) {}

    std::string write() {
        domain_ = document_.append_child("domain");
        bool is_soft = machine_.accelerator && machine_.accelerator->value == "soft";
        set(domain_, "type", is_soft ? "qemu" : "kvm");
        text(domain_, "name", machine_.name);
        if (!machine_.doc.empty()) text(domain_, "description", machine_.doc);
        Node memory = text(domain_, "memory", fmt::to_string(machine_.memory.value / 1024));
        set(memory, "unit", "KiB");
        text(domain_, "vcpu", fmt::to_string(machine_.cpus.value));
        os();
        features();
        cpu();
        clock();
        text(domain_, "on_poweroff", "destroy");
        text(domain_, "on_reboot", "restart");
        text(domain_, "on_crash", "destroy");
        devices();
        std::ostringstream out;
        document_.save(out, "  ", pugi::format_default | pugi::format_no_declaration, pugi::encoding_utf8);
        return out.str();
    }

  private:
    static void set(Node node, const char* name, const std::string& value) {
        node.append_attribute(name) = xml_text(value).c_str();
    }
    static Node text(Node parent, const char* name, const std::string& value) {
        Node node = parent.append_child(name);
        node.text() = xml_text(value).c_str();
        return node;
    }
    diagnostics::Diagnostic& cannot(Span where, std::string message) {
        return sink_.report(diagnostics::Code::kNotExpressible, where, std::move(message));
    }
    static std::string absolute(const model::Image& image) {
        std::error_code error;
        return std::filesystem::absolute(image.path, error).lexically_normal().string();
    }

    void os() {
        Node os = domain_.append_child("os");
        Node type = text(os, "type", "hvm");
        set(type, "arch", "x86_64");
        set(type, "machine", "pc");
        std::visit([&](const auto& boot) { boot_of(os, boot); }, machine_.boot.value);
    }
    void boot_of(Node os, const model::BootLinux& boot) { kernel(os, boot.kernel, boot.initrd, boot.cmdline.value); }
    void boot_of(Node os, const model::BootPvh& boot) { kernel(os, boot.image, boot.initrd, boot.cmdline.value); }
    void boot_of(Node os, const model::BootMultiboot& boot) { kernel(os, boot.image, boot.module, boot.cmdline.value); }
    void boot_of(Node os, const model::BootFirmware& boot) {
        Node loader = text(os, "loader", absolute(boot.image.value));
        set(loader, "readonly", "yes");
        set(loader, "type", "rom");
    }
    void boot_of(Node, const model::BootElf&) { no_protocol("an ELF program in long mode"); }
    void boot_of(Node, const model::BootFlat&) { no_protocol("raw bytes at an address"); }
    void no_protocol(const char* what) {
        cannot(machine_.boot.where, fmt::format("libvirt cannot start {}", what))
            .note("the domain has neither kernel nor loader; QEMU starts its own firmware");
    }
    void kernel(Node os, const model::Sourced<model::Image>& image,
                const std::optional<model::Sourced<model::Image>>& initrd, const std::string& cmdline) {
        text(os, "kernel", absolute(image.value));
        if (initrd) text(os, "initrd", absolute(initrd->value));
        if (!cmdline.empty()) text(os, "cmdline", cmdline);
    }

    void features() {
        Node features = domain_.append_child("features");
        if (machine_.acpi.value) features.append_child("acpi");
        features.append_child("apic");
        if (machine_.irqchip)
            set(features.append_child("ioapic"), "driver", machine_.irqchip->value == "user" ? "qemu" : "kvm");
    }

    void cpu() {
        const std::string& profile = machine_.cpu.value.name;
        Node cpu = domain_.append_child("cpu");
        std::string model(model_of_profile(profile));
        set(cpu, "mode", model.empty() ? "host-passthrough" : "custom");
        if (!model.empty()) {
            set(cpu, "match", "exact");
            set(text(cpu, "model", model), "fallback", "forbid");
        }
        if (!model.empty())
            cannot(machine_.cpu.where,
                   fmt::format("libvirt has models instead of levels: {} becomes {}", profile, model));
        if (model.empty() && profile != "host")
            cannot(machine_.cpu.where,
                   fmt::format("libvirt has no processor like {}; the guest sees the host's", profile));
        if (const check::Typed* value = typed_.fields.find("cpu"))
            if (const auto* record = value->get<check::Record>()) cpu_features(cpu, *record);
    }
    void cpu_features(Node cpu, const check::Record& record) {
        for (const auto& [field, policy] : {std::pair{"without", "disable"}, std::pair{"requires", "require"}}) {
            const check::Typed* value = record.find(field);
            const auto* list = value ? value->get<check::List>() : nullptr;
            if (!list) continue;
            for (const check::Typed& item : list->items) {
                const auto* name = item.get<std::string>();
                if (!name) continue;
                Node feature = cpu.append_child("feature");
                set(feature, "policy", policy);
                set(feature, "name", libvirt_feature(*name));
            }
        }
        for (const char* field : {"hides", "needs"}) {
            const check::Typed* value = record.find(field);
            bool is_own = value && !value->is_default;
            if (is_own) cannot(value->where, fmt::format("libvirt has no levels of features: `{}` is left out", field));
        }
    }

    void clock() {
        Node clock = domain_.append_child("clock");
        set(clock, "offset", "utc");
        if (machine_.pit.value) return;
        Node timer = clock.append_child("timer");
        set(timer, "name", "pit");
        set(timer, "present", "no");
    }

    void devices() {
        Node devices = domain_.append_child("devices");
        Node usb = devices.append_child("controller");
        set(usb, "type", "usb");
        set(usb, "model", "none");
        for (const model::Device& device : machine_.devices) {
            const plan::DevicePlan* placed = plan_.find_device(device.name);
            if (!placed) continue;
            if (device.type == "serial") {
                serial(devices, device, *placed);
            } else if (device.type == "debugcon") {
                debugcon(devices, device, *placed);
            } else if (device.type == "pvpanic") {
                pvpanic(devices, device, *placed);
            } else {
                board_part(device);
            }
        }
        set(devices.append_child("memballoon"), "model", "none");
    }

    static Node address(Node node, std::uint64_t port) {
        Node address = node.append_child("address");
        set(address, "type", "isa");
        set(address, "iobase", fmt::format("{:#x}", port));
        return address;
    }

    Node line_to_host(Node devices, const model::Device& device) {
        Node node = devices.append_child("serial");
        auto backend = device.host.find("backend");
        std::string kind = "none";
        if (backend != device.host.end()) kind = std::get<std::string>(backend->second.value);
        if (kind == "stdio") {
            cannot(backend->second.is_default ? device.where : backend->second.where,
                   fmt::format("a domain has no terminal: that of {} becomes a pseudo-terminal", device.name))
                .note("`virsh console` shows it");
        }
        set(node, "type", kind == "none" ? "null" : kind == "file" ? "file" : "pty");
        auto path = device.host.find("backend.path");
        if (kind == "file" && path != device.host.end()) {
            std::error_code error;
            std::string name = std::get<std::string>(path->second.value);
            set(node.append_child("source"), "path",
                std::filesystem::absolute(name, error).lexically_normal().string());
        }
        return node;
    }

    void serial(Node devices, const model::Device& device, const plan::DevicePlan& placed) {
        constexpr std::size_t kMost = 4;
        if (serials_ == kMost) {
            cannot(device.where, fmt::format("a domain has four serial ports: {} is left out", device.name));
            return;
        }
        Node node = line_to_host(devices, device);
        Node target = node.append_child("target");
        set(target, "type", "isa-serial");
        set(target, "port", fmt::to_string(serials_++));
        set(node.append_child("alias"), "name", "ua-" + device.name);
        if (placed.pio.empty() || placed.gsis.empty()) return;
        set(address(node, placed.pio.front().base), "irq", fmt::format("{:#x}", placed.gsis.front()));
    }

    void debugcon(Node devices, const model::Device& device, const plan::DevicePlan& placed) {
        Node node = line_to_host(devices, device);
        Node target = node.append_child("target");
        set(target, "type", "isa-debug");
        set(target, "port", "0");
        set(target.append_child("model"), "name", "isa-debugcon");
        if (!placed.pio.empty()) address(node, placed.pio.front().base);
        must_be(device, "readback", 0xe9);
    }

    void pvpanic(Node devices, const model::Device& device, const plan::DevicePlan& placed) {
        Node node = devices.append_child("panic");
        set(node, "model", "isa");
        if (!placed.pio.empty()) address(node, placed.pio.front().base);
        must_be(device, "events", 3);
    }

    void must_be(const model::Device& device, const char* field, std::int64_t value) {
        auto found = device.fields.find(field);
        if (found == device.fields.end() || found->second.value == model::FieldValue(value)) return;
        cannot(found->second.where, fmt::format("libvirt cannot set `{}` of {}", field, device.type));
    }

    // What the board of QEMU has of itself, where it is left as it is.
    void board_part(const model::Device& device) {
        if (!device.is_default) {
            cannot(device.where, fmt::format("libvirt has no {}: {} is left out", device.type, device.name))
                .note(device.type == "exit" ? "QEMU has `isa-debug-exit`, which no element of a domain describes"
                                            : "the board of QEMU has its own, at its own addresses");
        }
    }

    const model::Machine& machine_;
    const check::TypedMachine& typed_;
    const plan::MachinePlan& plan_;
    diagnostics::Sink& sink_;
    pugi::xml_document document_;
    Node domain_;
    std::size_t serials_ = 0;
};

}  // namespace

std::string libvirt_xml(const model::Machine& machine, const check::TypedMachine& typed, const plan::MachinePlan& plan,
                        diagnostics::Sink& sink) {
    return Writer(machine, typed, plan, sink).write();
}

}  // namespace nyx::interchange

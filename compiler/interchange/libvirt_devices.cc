#include "compiler/interchange/libvirt_parts.h"

#include <fmt/format.h>

#include "compiler/interchange/reasons.h"
#include "compiler/interchange/text.h"

namespace nyx::interchange {

namespace {

using Node = pugi::xml_node;

class Devices {
  public:
    explicit Devices(Importer& importer) : in_(importer) {}

    void read(const Node& devices) {
        bool has_serial = false;
        for (const Node& node : devices.children("serial")) has_serial |= target_type(node) != "isa-debug";
        for (const Node& node : devices.children()) {
            if (node.type() != pugi::node_element) continue;
            std::string_view name = node.name();
            if (name == "serial") {
                serial(node);
            } else if (name == "console") {
                console(node, has_serial);
            } else if (name == "panic") {
                panic(node);
            } else if (name == "disk" && is_raw_virtio(node)) {
                disk(node);
            } else if (name == "interface" && model(node) == "virtio") {
                interface(node);
            } else if (name == "rng" && std::string_view(node.attribute("model").value()).starts_with("virtio")) {
                in_.machine.has_rng = true;
            } else if (!is_nothing(node)) {
                in_.machine.lose(what(node), reason_for(name), line(node));
            }
        }
    }

  private:
    std::uint32_t line(const Node& node) const { return in_.line(offset_of(node)); }
    static std::string_view target_type(const Node& node) { return node.child("target").attribute("type").value(); }

    // `<memballoon model='none'/>` and its kin say that there is none.
    static bool is_nothing(const Node& node) {
        return std::string_view(node.attribute("model").value()) == "none" ||
               std::string_view(node.child("model").attribute("type").value()) == "none";
    }

    // "disk vda (/var/lib/web.qcow2)"
    static std::string what(const Node& node) {
        std::string text = node.name();
        for (const char* key : {"type", "model"})
            if (text == node.name() && node.attribute(key)) text += fmt::format(" {}", node.attribute(key).value());
        if (Node target = node.child("target"); target.attribute("dev"))
            text = fmt::format("{} {}", node.name(), target.attribute("dev").value());
        Node source = node.child("source");
        for (const char* key : {"file", "dev", "network", "bridge", "dir", "name"}) {
            if (!source.attribute(key)) continue;
            text += fmt::format(" ({})", source.attribute(key).value());
            break;
        }
        return one_line(text);
    }

    std::optional<std::uint64_t> attribute(const Node& node, const char* name, std::uint64_t max) {
        pugi::xml_attribute value = node.attribute(name);
        if (!value) return std::nullopt;
        return in_.number(value.value(), offset_of(node), fmt::format("`{}` of <{}>", name, node.name()), max);
    }

    ImportedSerial backend(const Node& node) {
        ImportedSerial device;
        std::string_view alias = node.child("alias").attribute("name").value();
        if (alias.starts_with("ua-")) device.name = identifier(alias.substr(3));
        std::string_view type = node.attribute("type").value();
        Node source = node.child("source");
        if (type == "pty" || type == "stdio") device.backend = type;
        if (type == "file") {
            device.backend = "file";
            device.path = source.attribute("path").value();
            if (std::string_view(source.attribute("append").value()) == "on")
                in_.machine.lose("append to " + one_line(device.path), "the file is written from its beginning",
                                 line(node));
        }
        if (type != "pty" && type != "stdio" && type != "file" && type != "null")
            in_.machine.lose(fmt::format("a serial line over {}", one_line(type)),
                             "this build has the terminal, a pseudo-terminal and files; its output is dropped",
                             line(node));
        return device;
    }

    void serial(const Node& node) {
        std::string_view type = target_type(node);
        Node address = node.child("address");
        if (type == "isa-debug") {
            in_.machine.debugcon = backend(node);
            in_.machine.debugcon_port = attribute(address, "iobase", 0xFFFF).value_or(0xe9);
            return in_.claim_terminal(in_.machine.debugcon, line(node));
        }
        if (!type.empty() && type != "isa-serial" && type != "serial")
            return in_.machine.lose(fmt::format("serial port on {}", one_line(type)), "nyx has those of a PC",
                                    line(node));
        ImportedSerial device = backend(node);
        device.base = attribute(address, "iobase", 0xFFFF);
        device.irq = attribute(address, "irq", 0xFF);
        place(device, attribute(node.child("target"), "port", 3));
        in_.add_serial(std::move(device), offset_of(node));
    }

    // Where the place is the one that nyx chooses, it is left open. QEMU gives COM3 and COM4 the lines of COM1 and
    // COM2.
    void place(ImportedSerial& device, std::optional<std::uint64_t> port) {
        std::size_t next = in_.machine.serials.size();
        if (!device.base && port && *port != next) device.base = kComBases[*port];
        if (next < 4 && device.base == kComBases[next] && (!device.irq || device.irq == kComLines[next])) {
            device.base.reset();
            device.irq.reset();
        }
    }

    // The first console of a domain is its first serial port once more, or stands for it.
    void console(const Node& node, bool has_serial) {
        std::string_view type = target_type(node);
        if (type != "serial" && !type.empty())
            return in_.machine.lose(fmt::format("console on {}", one_line(type)), reason_for("virtconsole"),
                                    line(node));
        if (!has_serial && in_.machine.serials.empty()) in_.add_serial(backend(node), offset_of(node));
    }

    static std::string_view model(const Node& node) { return node.child("model").attribute("type").value(); }

    static bool is_raw_virtio(const Node& node) {
        std::string_view type = node.attribute("type").value(), device = node.attribute("device").value();
        std::string_view bus = node.child("target").attribute("bus").value();
        return (type == "file" || type == "block") && (device.empty() || device == "disk") && bus == "virtio";
    }
    void disk(const Node& node) {
        ImportedDisk disk;
        disk.name = identifier(node.child("target").attribute("dev").value());
        Node source = node.child("source");
        disk.path = source.attribute(source.attribute("file") ? "file" : "dev").value();
        disk.read_only = static_cast<bool>(node.child("readonly"));
        in_.add_disk(std::move(disk), node.child("driver").attribute("type").value(), line(node));
    }

    // A network of libvirt's is behind NAT like the user-mode network; a bridge is not.
    void interface(const Node& node) {
        std::string_view type = node.attribute("type").value();
        ImportedNet net;
        net.mac = node.child("mac").attribute("address").value();
        if (type == "ethernet") {
            net.network = "tap";
            net.interface = node.child("target").attribute("dev").value();
        } else if (type != "user") {
            in_.machine.lose(what(node), "the card is on the user-mode network instead", line(node));
        }
        in_.add_net(std::move(net), line(node));
    }

    void panic(const Node& node) {
        std::string_view model = node.attribute("model").value();
        if (model != "isa" && !model.empty())
            return in_.machine.lose(fmt::format("panic notifier {}", one_line(model)), "nyx has the one on the ISA bus",
                                    line(node));
        if (in_.machine.pvpanic_port)
            return in_.machine.lose("a second panic notifier", "a machine has one", line(node));
        in_.machine.pvpanic_port = attribute(node.child("address"), "iobase", 0xFFFF).value_or(0x505);
    }

    Importer& in_;
};

}  // namespace

void read_libvirt_devices(Importer& importer, const pugi::xml_node& devices) {
    Devices(importer).read(devices);
}

}  // namespace nyx::interchange

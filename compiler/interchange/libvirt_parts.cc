#include "compiler/interchange/libvirt_parts.h"

#include <fmt/format.h>

#include "compiler/interchange/reasons.h"
#include "compiler/interchange/text.h"

namespace nyx::interchange {

namespace {

using Node = pugi::xml_node;

class Os {
  public:
    explicit Os(Importer& importer) : in_(importer) {}

    void read(const Node& node) {
        ImportedBoot& boot = in_.machine.boot;
        std::string kernel(content(node.child("kernel")));
        if (!kernel.empty())
            boot = {false, kernel, std::string(content(node.child("initrd"))),
                    std::string(content(node.child("cmdline")))};
        for (const Node& child : node.children()) {
            if (child.type() == pugi::node_element) os_part(child, !kernel.empty());
        }
        if (std::string_view(node.attribute("firmware").value()) == "efi") uefi(node);
    }

  private:
    std::uint32_t line(const Node& node) const { return in_.line(offset_of(node)); }
    void os_part(const Node& child, bool has_kernel) {
        std::string_view name = child.name();
        if (name == "kernel" || name == "initrd" || name == "cmdline") return;
        if (name == "type") return os_type(child);
        if (name == "loader") return loader(child, has_kernel);
        if (name == "boot" && !has_kernel) {
            in_.machine.lose(fmt::format("boot order ({})", one_line(child.attribute("dev").value())),
                             "this build has nothing that firmware could boot from", line(child));
        } else if (name != "boot") {
            in_.machine.lose("os: " + std::string(name), reason_for(name), line(child));
        }
    }
    void os_type(const Node& node) {
        std::string arch = node.attribute("arch").value();
        if (!arch.empty() && arch != "x86_64") {
            in_.mistake(offset_of(node), offset_of(node) + 4,
                        fmt::format("nyx has x86_64 machines only, and this is {}", one_line(arch)));
        }
        std::string machine = node.attribute("machine").value();
        if (machine.find("q35") != std::string::npos || machine.find("microvm") != std::string::npos)
            in_.machine.lose("machine type " + one_line(machine),
                             "the board of nyx has no chipset; its ports are those of `pc`", line(node));
        if (content(node) != "hvm")
            in_.machine.lose("os type " + one_line(content(node)), "nyx has fully virtualized machines only",
                             line(node));
    }
    void loader(const Node& node, bool has_kernel) {
        if (std::string_view(node.attribute("type").value()) == "pflash") uefi(node);
        if (has_kernel) return in_.machine.lose("loader", "the kernel is started directly", line(node));
        in_.machine.boot.image = content(node);
    }
    void uefi(const Node& node) {
        in_.machine.lose("UEFI variables", "this build keeps none; firmware of UEFI is not known to start", line(node));
    }

    Importer& in_;
};

class Cpu {
  public:
    explicit Cpu(Importer& importer) : in_(importer) {}

    void read(const Node& node) {
        std::string_view mode = node.attribute("mode").value();
        if (mode == "host-passthrough" || mode == "host-model" || mode == "maximum") in_.machine.cpu = "host";
        if (Node model = node.child("model")) in_.set_cpu_model(std::string(content(model)), line(model));
        for (const Node& child : node.children()) {
            if (child.type() != pugi::node_element) continue;
            std::string_view name = child.name();
            if (name == "feature") cpu_feature(child);
            if (name == "topology") topology(child);
            if (name != "feature" && name != "topology" && name != "model" && name != "vendor")
                in_.machine.lose(fmt::format("cpu: {}", one_line(name)), reason_for(name), line(child));
        }
    }

  private:
    std::uint32_t line(const Node& node) const { return in_.line(offset_of(node)); }
    void cpu_feature(const Node& node) {
        std::string_view policy = node.attribute("policy").value();
        std::string name = node.attribute("name").value();
        if (policy == "disable" || policy == "forbid") return in_.set_feature(name, false, line(node));
        if (policy == "require" || policy == "force" || policy.empty()) return in_.set_feature(name, true, line(node));
        in_.machine.lose(fmt::format("processor feature {} where the host has it", one_line(name)),
                         "a profile takes away and insists, and adds nothing", line(node));
    }
    void topology(const Node& node) {
        for (const char* part : {"cores", "threads", "dies"}) {
            std::string_view count = node.attribute(part).value();
            if (count.empty() || count == "1") continue;
            in_.machine.lose("topology of vCPUs", "each vCPU is a socket of its own; their number is the same",
                             line(node));
            return;
        }
    }

    Importer& in_;
};

}  // namespace

std::size_t offset_of(const Node& node) {
    return node.offset_debug() < 0 ? 0 : static_cast<std::size_t>(node.offset_debug());
}

std::string_view content(const Node& node) {
    std::string_view text = node.text().get();
    auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

void read_libvirt_os(Importer& importer, const Node& os) {
    Os(importer).read(os);
}

void read_libvirt_cpu(Importer& importer, const Node& cpu) {
    Cpu(importer).read(cpu);
}

}  // namespace nyx::interchange

// libvirt's domain XML (https://libvirt.org/formatdomain.html).
#include <fmt/format.h>

#include <array>
#include <optional>
#include <pugixml.hpp>
#include <set>

#include "compiler/interchange/importer.h"
#include "compiler/interchange/libvirt_parts.h"
#include "compiler/interchange/reasons.h"
#include "compiler/interchange/text.h"

namespace nyx::interchange {

namespace {

constexpr int kMaxDepth = 100;

// What a well-formed document of this kind never has, and pugixml accepts: two attributes of one name, depth without
// end.
class Sanity final : public pugi::xml_tree_walker {
  public:
    explicit Sanity(Importer& importer) : importer_(importer) {}
    bool sound = true;

    bool for_each(pugi::xml_node& node) override {
        if (depth() > kMaxDepth) return refuse(node, "elements are nested too deeply");
        if (node.type() == pugi::node_doctype)
            return refuse(node, "a document type declaration is not read: it could define entities without end");
        std::set<std::string_view> names;
        for (const pugi::xml_attribute& attribute : node.attributes())
            if (!names.insert(attribute.name()).second)
                return refuse(node,
                              fmt::format("<{}> has two attributes `{}`", node.name(), one_line(attribute.name())));
        return true;
    }

  private:
    bool refuse(const pugi::xml_node& node, std::string message) {
        importer_.mistake(offset_of(node), offset_of(node) + std::string_view(node.name()).size(), std::move(message));
        return sound = false;
    }
    Importer& importer_;
};

class Domain {
  public:
    Domain(Importer& importer, const pugi::xml_node& root) : in_(importer), root_(root) {}

    void read() {
        for (const pugi::xml_node& child : root_.children()) {
            if (child.type() != pugi::node_element) continue;
            bool known = false;
            for (const Part& part : kParts) {
                if (part.name != child.name()) continue;
                (this->*part.read)(child);
                known = true;
            }
            if (!known) lose(child, child.name());
        }
        std::string type = root_.attribute("type").value();
        if (type == "qemu") in_.machine.accelerator = "soft";
        if (type != "qemu" && type != "kvm")
            in_.machine.lose("domain type " + one_line(type), "nyx has KVM and its software CPU",
                             in_.line(offset_of(root_)));
        finish();
    }

  private:
    using Node = pugi::xml_node;
    struct Part {
        std::string_view name;
        void (Domain::*read)(const Node&);
    };
    static const std::array<Part, 17> kParts;

    std::uint32_t line(const Node& node) const { return in_.line(offset_of(node)); }
    void lose(const Node& node, const std::string& what) {
        in_.machine.lose(one_line(what), reason_for(node.name()), line(node));
    }
    // The number that an element holds, in its `unit` (KiB where there is none).
    std::optional<std::uint64_t> number(const Node& node, std::uint64_t max) {
        std::string_view digits = content(node);
        std::size_t at = offset_of(node.first_child() ? node.first_child() : node);
        return in_.number(digits, at, fmt::format("<{}>", node.name()), max);
    }
    void name(const Node& node) { in_.machine.name = content(node); }
    void description(const Node& node) {
        std::string text(content(node));
        in_.machine.doc += (in_.machine.doc.empty() || text.empty() ? "" : "\n\n") + text;
    }

    std::optional<std::uint64_t> scale(const Node& node) {
        struct Scale {
            std::string_view unit;
            std::uint64_t bytes;
        };
        static constexpr Scale kScales[] = {{"", 1u << 10},
                                            {"b", 1},
                                            {"bytes", 1},
                                            {"KB", 1000},
                                            {"k", 1u << 10},
                                            {"KiB", 1u << 10},
                                            {"MB", 1'000'000},
                                            {"M", 1u << 20},
                                            {"MiB", 1u << 20},
                                            {"GB", 1'000'000'000},
                                            {"G", 1u << 30},
                                            {"GiB", 1u << 30},
                                            {"TB", 1'000'000'000'000},
                                            {"T", std::uint64_t{1} << 40},
                                            {"TiB", std::uint64_t{1} << 40}};
        std::string_view unit = node.attribute("unit").value();
        for (const Scale& one : kScales)
            if (one.unit == unit) return one.bytes;
        in_.mistake(offset_of(node), offset_of(node) + 6, fmt::format("`{}` is no unit of libvirt", one_line(unit)))
            .help("libvirt has b, KB, KiB, MB, MiB, GB, GiB, TB and TiB");
        return std::nullopt;
    }
    void memory(const Node& node) {
        auto unit = scale(node);
        auto count = unit ? number(node, (std::uint64_t{1} << 62) / *unit) : std::nullopt;
        if (count) in_.set_memory(*count * *unit, offset_of(node), offset_of(node) + 6);
    }
    void current_memory(const Node& node) {
        auto unit = scale(node);
        auto count = unit ? number(node, (std::uint64_t{1} << 62) / *unit) : std::nullopt;
        if (count && in_.machine.memory && *count * *unit != *in_.machine.memory)
            in_.machine.lose("currentMemory", "this build has no memory balloon; the guest has all of its memory",
                             line(node));
    }
    void vcpu(const Node& node) {
        auto count = number(node, 1u << 20);
        if (count) in_.set_cpus(*count, offset_of(node), offset_of(node) + 4);
        if (node.attribute("current")) in_.machine.lose("vCPUs that come later", reason_for("hotplug"), line(node));
        if (node.attribute("cpuset")) in_.machine.lose("the cpuset of vCPUs", reason_for("cputune"), line(node));
    }

    void os(const Node& node) { read_libvirt_os(in_, node); }

    void features(const Node& node) {
        in_.machine.acpi = static_cast<bool>(node.child("acpi"));
        for (const Node& child : node.children()) {
            if (child.type() != pugi::node_element) continue;
            std::string_view name = child.name();
            if (name == "acpi" || name == "apic" || name == "pae") continue;
            std::string_view driver = child.attribute("driver").value();
            if (name == "ioapic" && (driver == "qemu" || driver == "kvm")) {
                in_.machine.irqchip = driver == "qemu" ? "user" : "kernel";
            } else {
                in_.machine.lose(fmt::format("feature {}", one_line(name)), reason_for(name), line(child));
            }
        }
        has_features_ = true;
    }

    void cpu(const Node& node) { read_libvirt_cpu(in_, node); }

    void clock(const Node& node) {
        std::string offset = node.attribute("offset").value();
        if (offset != "utc" && !offset.empty())
            in_.machine.lose("clock offset " + one_line(offset), "the clock of nyx keeps UTC", line(node));
        for (const Node& timer : node.children("timer")) {
            std::string_view name = timer.attribute("name").value();
            bool is_absent = std::string_view(timer.attribute("present").value()) == "no";
            if (name == "pit" && is_absent) in_.machine.pit = false;
            if (!is_absent && name != "kvmclock" && name != "tsc" && name != "pit" && name != "rtc")
                in_.machine.lose(fmt::format("timer {}", one_line(name)), "this build has no such timer", line(timer));
            if (timer.attribute("tickpolicy"))
                in_.machine.lose(fmt::format("tick policy of {}", one_line(name)),
                                 "ticks are delivered as the accelerator does", line(timer));
        }
    }

    void lifecycle(const Node& node) {
        std::string_view name = node.name();
        std::string usual = name == "on_reboot" ? "restart" : "destroy";
        if (content(node) != usual)
            in_.machine.lose(fmt::format("{} = {}", name, one_line(content(node))),
                             "`nyx run` ends when the guest powers off and goes on when it resets", line(node));
    }
    void ignored(const Node&) {}

    void devices(const Node& node) { read_libvirt_devices(in_, node); }

    void finish() {
        if (!has_features_) in_.machine.acpi = false;
        if (in_.machine.boot.image.empty()) in_.machine.boot.image = kDefaultFirmware;
        if (in_.machine.name.empty())
            in_.mistake(offset_of(root_), offset_of(root_) + 6, "a domain has a <name>, and this has none");
        if (!root_.child("memory"))
            in_.mistake(offset_of(root_), offset_of(root_) + 6, "a domain has <memory>, and this has none");
    }

    Importer& in_;
    Node root_;
    bool has_features_ = false;
};

const std::array<Domain::Part, 17> Domain::kParts = {{{"name", &Domain::name},
                                                      {"title", &Domain::description},
                                                      {"description", &Domain::description},
                                                      {"memory", &Domain::memory},
                                                      {"currentMemory", &Domain::current_memory},
                                                      {"vcpu", &Domain::vcpu},
                                                      {"os", &Domain::os},
                                                      {"features", &Domain::features},
                                                      {"cpu", &Domain::cpu},
                                                      {"clock", &Domain::clock},
                                                      {"on_poweroff", &Domain::lifecycle},
                                                      {"on_reboot", &Domain::lifecycle},
                                                      {"on_crash", &Domain::lifecycle},
                                                      {"on_lockfailure", &Domain::lifecycle},
                                                      {"pm", &Domain::ignored},
                                                      {"idmap", &Domain::ignored},
                                                      {"devices", &Domain::devices}}};

}  // namespace

void import_libvirt(Importer& importer) {
    pugi::xml_document document;
    std::string_view text = importer.text();
    auto flags = pugi::parse_default | pugi::parse_doctype;
    pugi::xml_parse_result parsed = document.load_buffer(text.data(), text.size(), flags, pugi::encoding_utf8);
    if (!parsed) {
        auto at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0));
        importer.mistake(at, at + 1, fmt::format("this is no well-formed XML: {}", parsed.description()));
        return;
    }
    Sanity sanity(importer);
    document.traverse(sanity);
    if (!sanity.sound) return;
    pugi::xml_node root = document.document_element();
    if (std::string_view(root.name()) != "domain") {
        importer.mistake(offset_of(root), offset_of(root) + std::string_view(root.name()).size(),
                         fmt::format("libvirt's machines are <domain>, and this is <{}>", one_line(root.name())));
        return;
    }
    Domain(importer, root).read();
}

}  // namespace nyx::interchange

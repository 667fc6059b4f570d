#include "compiler/check/meant.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/syntax/units.h"

namespace nyx::check {

namespace {

// A name of another tool, and ours; a name may stand here with several of ours, of which a schema has one.
using Entry = std::pair<std::string_view, std::string_view>;
constexpr std::array<Entry, 33> kFields = {{{"vcpu", "cpus"},
                                            {"vcpus", "cpus"},
                                            {"vcpu_count", "cpus"},
                                            {"cpu_count", "cpus"},
                                            {"num_cpus", "cpus"},
                                            {"cores", "cpus"},
                                            {"smp", "cpus"},
                                            {"mem", "memory"},
                                            {"ram", "memory"},
                                            {"mem_size", "memory"},
                                            {"mem_size_mib", "memory"},
                                            {"memory_size", "memory"},
                                            {"memory_mb", "memory"},
                                            {"accel", "accelerator"},
                                            {"hypervisor", "accelerator"},
                                            {"port", "base"},
                                            {"iobase", "base"},
                                            {"address", "base"},
                                            {"base", "port"},
                                            {"iobase", "port"},
                                            {"address", "port"},
                                            {"interrupt", "irq"},
                                            {"gsi", "irq"},
                                            {"chardev", "backend"},
                                            {"append", "cmdline"},
                                            {"boot_args", "cmdline"},
                                            {"args", "cmdline"},
                                            {"ramdisk", "initrd"},
                                            {"initramfs", "initrd"},
                                            {"kernel", "image"},
                                            {"image", "kernel"},
                                            {"address", "load"},
                                            {"file", "image"}}};

constexpr std::array<Entry, 14> kDevices = {{{"nic", "net"},
                                             {"network", "net"},
                                             {"interface", "net"},
                                             {"ethernet", "net"},
                                             {"drive", "disk"},
                                             {"blk", "disk"},
                                             {"hdd", "disk"},
                                             {"volume", "disk"},
                                             {"uart", "serial"},
                                             {"com", "serial"},
                                             {"tty", "serial"},
                                             {"isa_serial", "serial"},
                                             {"panic", "pvpanic"},
                                             {"isa_debug_exit", "exit"}}};

std::optional<std::string> meant(std::span<const Entry> table, std::string_view name,
                                 std::span<const std::string> known) {
    for (const auto& [foreign, ours] : table) {
        bool is_known = std::find(known.begin(), known.end(), ours) != known.end();
        if (foreign == name && is_known) return std::string(ours);
    }
    return diagnostics::did_you_mean(name, known);
}

}  // namespace

std::optional<std::string> meant_field(std::string_view name, std::span<const std::string> known) {
    return meant(kFields, name, known);
}

std::optional<std::string> meant_device(std::string_view name, std::span<const std::string> known) {
    return meant(kDevices, name, known);
}

std::string forward_meant(std::string_view text) {
    std::size_t slash = std::min(text.find('/'), text.size());
    std::string_view protocol = slash == text.size() ? "tcp" : text.substr(slash + 1);
    std::string_view ports = text.substr(0, slash);
    std::size_t colon = ports.find(':');
    auto is_number = [](std::string_view digits) {
        return !digits.empty() && digits.size() <= 5 &&
               digits.find_first_not_of("0123456789") == std::string_view::npos;
    };
    if (colon == std::string_view::npos || !is_number(ports.substr(0, colon)) || !is_number(ports.substr(colon + 1)))
        return {};
    if (protocol != "tcp" && protocol != "udp") return {};
    return fmt::format("{}({}, {})", protocol, ports.substr(0, colon), ports.substr(colon + 1));
}

std::string number_in_quotes(std::string_view text) {
    constexpr std::size_t kLongest = 30;
    bool hex = text.starts_with("0x") || text.starts_with("0X");
    std::string_view digits = hex ? text.substr(2) : text;
    std::string_view allowed = hex ? "0123456789abcdefABCDEF" : "0123456789";
    std::size_t end = std::min(digits.find_first_not_of(allowed), digits.size());
    if (end == 0 || text.size() > kLongest) return {};
    if (end == digits.size()) return std::string(text);
    std::string_view unit = digits.substr(std::min(digits.find_first_not_of(' ', end), digits.size()));
    std::string_view meant = syntax::find_unit(unit) ? unit : syntax::size_meant(unit);
    return hex || meant.empty() ? std::string() : std::string(digits.substr(0, end)) + " " + std::string(meant);
}

}  // namespace nyx::check

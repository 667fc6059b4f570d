#include "compiler/interchange/qemu_options.h"

#include <algorithm>
#include <array>

namespace nyx::interchange {

bool is_flag(std::string_view name) {
    static constexpr std::array<std::string_view, 40> kFlags = {"S",
                                                                "s",
                                                                "h",
                                                                "help",
                                                                "version",
                                                                "nographic",
                                                                "nodefaults",
                                                                "enable-kvm",
                                                                "no-acpi",
                                                                "no-hpet",
                                                                "no-reboot",
                                                                "no-shutdown",
                                                                "no-user-config",
                                                                "no-fd-bootchk",
                                                                "daemonize",
                                                                "snapshot",
                                                                "usb",
                                                                "full-screen",
                                                                "curses",
                                                                "sdl",
                                                                "mem-prealloc",
                                                                "win2k-hack",
                                                                "portrait",
                                                                "preconfig",
                                                                "singlestep",
                                                                "only-migratable",
                                                                "enable-fips",
                                                                "no-quit",
                                                                "alt-grab",
                                                                "ctrl-grab",
                                                                "no-frame",
                                                                "old-param",
                                                                "semihosting",
                                                                "xen-attach",
                                                                "nodefconfig",
                                                                "no-kvm",
                                                                "no-kvm-irqchip",
                                                                "no-kvm-pit",
                                                                "show-cursor",
                                                                "skip-gdb"};
    return std::find(kFlags.begin(), kFlags.end(), name) != kFlags.end();
}

const std::string* QemuValue::find(std::string_view key) const {
    auto found = std::find_if(items.rbegin(), items.rend(), [&](const auto& item) { return item.first == key; });
    return found == items.rend() ? nullptr : &found->second;
}

QemuValue qemu_value(std::string_view text, const std::string& first) {
    QemuValue value;
    std::vector<std::string> parts(1);
    for (std::size_t at = 0; at < text.size(); ++at) {
        bool is_comma = text[at] == ',';
        if (is_comma && at + 1 < text.size() && text[at + 1] == ',') {
            parts.back() += ',';
            ++at;
        } else if (is_comma) {
            parts.emplace_back();
        } else {
            parts.back() += text[at];
        }
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        std::size_t equals = parts[i].find('=');
        if (parts[i].empty()) continue;
        if (equals != std::string::npos) {
            value.items.emplace_back(parts[i].substr(0, equals), parts[i].substr(equals + 1));
        } else if (i == 0) {
            value.items.emplace_back(first, parts[i]);
        } else {
            value.items.emplace_back(parts[i], "on");
        }
    }
    return value;
}

}  // namespace nyx::interchange

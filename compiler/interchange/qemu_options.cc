#include "compiler/interchange/qemu_options.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

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

namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 62;

// The digits behind the point, as far as they give whole bytes.
std::optional<std::uint64_t> fraction(std::string_view digits, std::uint64_t scale) {
    constexpr std::size_t kMostDigits = 6;
    if (digits.empty() || digits.size() > kMostDigits) return std::nullopt;
    std::uint64_t rest = 0;  // so many parts
    std::uint64_t parts = 1;
    for (char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        rest = rest * 10 + static_cast<std::uint64_t>(c - '0');
        parts *= 10;
    }
    return scale / parts * rest + scale % parts * rest / parts;
}

}  // namespace

std::optional<std::uint64_t> qemu_size(std::string_view text) {
    static constexpr std::string_view kSuffixes = "BKMGTPE";
    std::uint64_t scale = std::uint64_t{1} << 20;
    if (!text.empty() && std::isalpha(static_cast<unsigned char>(text.back())) != 0) {
        auto power = kSuffixes.find(static_cast<char>(std::toupper(static_cast<unsigned char>(text.back()))));
        if (power == std::string_view::npos) return std::nullopt;
        scale = std::uint64_t{1} << (10 * power);
        text.remove_suffix(1);
    }
    std::uint64_t whole = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole, 10);
    if (error != std::errc() || whole >= kMostBytes / scale) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) return whole * scale;
    auto part = text.front() == '.' ? fraction(text.substr(1), scale) : std::nullopt;
    return part ? std::optional(whole * scale + *part) : std::nullopt;
}

}  // namespace nyx::interchange

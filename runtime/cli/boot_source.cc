#include "runtime/cli/boot_source.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace nyx::cli {
namespace {

template <class... Args>
tl::unexpected<Error> wrong(fmt::format_string<Args...> format, Args&&... args) {
    return fail(ErrorCode::kInvalidArgument, format, std::forward<Args>(args)...);
}

Result<std::uint64_t> number(std::string_view option, std::string_view text) {
    std::string_view digits = text;
    int base = 10;
    if (digits.starts_with("0x") || digits.starts_with("0X")) {
        digits.remove_prefix(2);
        base = 16;
    }
    std::uint64_t value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc() || end != digits.data() + digits.size() || digits.empty())
        return wrong("{}: '{}' is not a number such as 4096 or 0x1000", option, text);
    return value;
}

// "512M" as Nyx writes it: "512 MiB".
Result<std::string> memory_size(const std::string& text) {
    constexpr std::string_view kUnits = "KMGT";
    std::string_view digits = text;
    if (digits.ends_with("iB")) digits.remove_suffix(2);
    std::size_t unit = digits.empty() ? std::string_view::npos : kUnits.find(digits.back());
    if (unit != std::string_view::npos) digits.remove_suffix(1);
    auto value = number("--mem", digits);
    if (!value) return wrong("--mem: '{}' is not a size such as 128M or 2G", text);
    if (unit == std::string_view::npos) return fmt::format("{}", *value);
    return fmt::format("{} {}iB", *value, kUnits[unit]);
}

// A string literal of the language.
std::string literal(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\' || c == '$') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string file(const std::string& path) {
    std::error_code error;
    std::filesystem::path absolute = std::filesystem::absolute(path, error);
    return literal(error ? path : absolute.string());
}

std::string linux_boot(const BootRequest& request) {
    std::string text = fmt::format("linux(kernel: {}", file(request.kernel));
    if (!request.initrd.empty()) text += fmt::format(", initrd: {}", file(request.initrd));
    return text + fmt::format(", cmdline: {})", literal(request.cmdline));
}

Result<std::string> flat_boot(const BootRequest& request) {
    if (request.entry.empty()) return wrong("--binary needs --entry, the address of its first instruction");
    NYX_ASSIGN(std::uint64_t entry, number("--entry", request.entry));
    std::uint64_t load = entry;
    if (!request.load.empty()) {
        NYX_ASSIGN(load, number("--load", request.load));
    }
    std::string_view mode = request.mode == "16" ? "real16" : request.mode == "32" ? "protected32" : "long64";
    return fmt::format("flat(image: {}, load: {:#x}, entry: {:#x}, mode: {})", file(request.binary), load, entry, mode);
}

std::string devices(const BootRequest& request) {
    std::string text = "    serial com1 { }\n    exit exit0 { }\n";
    for (std::size_t i = 0; i < request.disks.size(); ++i)
        text += fmt::format("    disk disk{} {{ image = {} }}\n", i, file(request.disks[i]));
    if (request.network) text += "    net net0 { }\n";
    return text;
}

}  // namespace

Result<std::string> boot_source(const BootRequest& request) {
    if (request.kernel.empty() && request.binary.empty())
        return wrong("nothing to boot: give --kernel FILE or --binary FILE --entry ADDRESS");
    NYX_ASSIGN(std::string memory, memory_size(request.memory));
    std::string boot;
    if (request.binary.empty()) {
        boot = linux_boot(request);
    } else {
        NYX_ASSIGN(boot, flat_boot(request));
    }
    return fmt::format(
        "machine boot {{\n"
        "    memory = {}\n"
        "    cpus   = {}\n"
        "    boot   = {}\n"
        "\n"
        "{}"
        "}}\n",
        memory, request.cpus, boot, devices(request));
}

}  // namespace nyx::cli

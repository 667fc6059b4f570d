#include "compiler/interchange/importer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "compiler/interchange/processors.h"
#include "compiler/interchange/text.h"
#include "runtime/base/mac_address.h"

namespace nyx::interchange {

namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kMinMemory = 1u << 20;
constexpr std::uint64_t kMaxMemory = std::uint64_t{256} << 40;
constexpr std::uint64_t kMaxCpus = 1024;

std::uint64_t line_of(std::uint64_t base) {
    const auto* found = std::find(std::begin(kComBases), std::end(kComBases), base);
    return found == std::end(kComBases) ? 0 : kComLines[found - std::begin(kComBases)];
}

}  // namespace

std::uint32_t Importer::line(std::size_t offset) const {
    auto at = static_cast<std::uint32_t>(std::min(offset, text().size()));
    return sources_.position(file_, at).line;
}

diagnostics::Diagnostic& Importer::mistake(std::size_t begin, std::size_t end, std::string message) {
    auto from = static_cast<std::uint32_t>(std::min(begin, text().size()));
    auto to = static_cast<std::uint32_t>(std::clamp<std::size_t>(end, from, text().size()));
    return sink_.report(diagnostics::Code::kImportFormat, {file_, from, to}, std::move(message));
}

std::optional<std::uint64_t> Importer::number(std::string_view digits, std::size_t offset, const std::string& what,
                                              std::uint64_t max) {
    bool hex = digits.starts_with("0x") || digits.starts_with("0X");
    std::string_view body = digits.substr(hex ? 2 : 0);
    std::uint64_t value = 0;
    auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), value, hex ? 16 : 10);
    if (error == std::errc() && end == body.data() + body.size() && value <= max) return value;
    bool too_large = !body.empty() && error != std::errc::invalid_argument && end == body.data() + body.size();
    mistake(offset, offset + digits.size(),
            too_large ? fmt::format("{} is too large: {} is the most", what, max)
                      : fmt::format("{} is a whole number, and this is `{}`", what, digits));
    return std::nullopt;
}

void Importer::set_memory(std::uint64_t bytes, std::size_t begin, std::size_t end) {
    if (bytes < kMinMemory || bytes > kMaxMemory) {
        mistake(begin, end, fmt::format("a machine has from 1 MiB to 256 TiB of memory, and this is {} bytes", bytes));
        return;
    }
    std::uint64_t whole = (bytes + kPage - 1) / kPage * kPage;
    if (whole != bytes) machine.lose("memory of part of a page", "it was rounded up to whole 4 KiB pages", line(begin));
    machine.memory = whole;
}

void Importer::set_cpus(std::uint64_t count, std::size_t begin, std::size_t end) {
    if (count < 1 || count > kMaxCpus) {
        mistake(begin, end, fmt::format("a machine has from 1 to {} vCPUs, and this is {}", kMaxCpus, count));
        return;
    }
    machine.cpus = static_cast<std::uint32_t>(count);
}

void Importer::set_cpu_model(const std::string& model, std::uint32_t line) {
    std::string_view profile = profile_of_model(model);
    machine.cpu = profile;
    if (profile.empty()) {
        machine.lose("processor model " + model, "nyx does not know this model; the guest sees the host's", line);
    } else if (profile != "host") {
        machine.lose("processor model " + model,
                     fmt::format("nyx has levels instead of models; {} is the one that it reaches", profile), line);
    }
}

void Importer::set_feature(const std::string& name, bool on, std::uint32_t line) {
    auto bit = feature_of(name, features_);
    if (!bit)
        return machine.lose(fmt::format("processor feature {}", name), "nyx has no such name for a bit of CPUID", line);
    std::vector<std::string>& list = on ? machine.requires_bits : machine.without;
    std::vector<std::string>& other = on ? machine.without : machine.requires_bits;
    std::erase(other, *bit);  // the last word counts
    if (std::find(list.begin(), list.end(), *bit) == list.end()) list.push_back(*bit);
}

void Importer::claim_terminal(ImportedSerial& device, std::uint32_t line) {
    if (device.backend != "stdio") return;
    if (has_terminal_) {
        device.backend = "pty";
        machine.lose("a second device at the terminal", "one device can have it; this one has a pseudo-terminal", line);
    }
    has_terminal_ = true;
}

void Importer::add_serial(ImportedSerial serial, std::size_t offset) {
    constexpr std::size_t kPorts = 4;
    if (machine.serials.size() == kPorts) return machine.lose("a fifth serial port", "a PC has four", line(offset));
    claim_terminal(serial, line(offset));
    settle_name(serial);
    settle_place(serial, line(offset));
    machine.serials.push_back(std::move(serial));
}

bool Importer::is_taken(const std::string& name) const {
    static constexpr std::string_view kBoard[] = {"i8042", "rtc", "acpi_pm", "pvpanic", "exit", "debugcon", "rng"};
    auto has = [&](const auto& devices) {
        return std::any_of(devices.begin(), devices.end(), [&](const auto& other) { return other.name == name; });
    };
    return has(machine.serials) || has(machine.disks) || has(machine.nets) ||
           std::find(std::begin(kBoard), std::end(kBoard), name) != std::end(kBoard);
}

std::string Importer::free_name(const std::string& wanted, const char* prefix, std::size_t number) const {
    if (!wanted.empty() && !is_taken(wanted)) return wanted;
    std::string name;
    do {
        name = fmt::format("{}{}", prefix, number++);
    } while (is_taken(name));
    return name;
}

void Importer::settle_name(ImportedSerial& serial) const {
    serial.name = free_name(serial.name, "com", machine.serials.size() + 1);
}

void Importer::add_disk(ImportedDisk disk, std::string_view format, std::uint32_t line) {
    if (!format.empty() && format != "raw")
        return machine.lose(
            fmt::format("disk {}", one_line(disk.path)),
            fmt::format("this build has raw images; `qemu-img convert -O raw` makes one of {}", one_line(format, 40)),
            line);
    disk.name = free_name(disk.name, "disk", machine.disks.size());
    machine.disks.push_back(std::move(disk));
}

void Importer::add_net(ImportedNet net, std::uint32_t line) {
    if (!net.mac.empty() && !mac_address(net.mac)) {
        machine.lose(fmt::format("address {}", one_line(net.mac, 40)), "it is no Ethernet address", line);
        net.mac.clear();
    }
    net.name = free_name(net.name, "eth", machine.nets.size());
    machine.nets.push_back(std::move(net));
}

// PCs let serial ports share lines; edge-triggered lines of two devices lose interrupts, so nyx does not.
void Importer::settle_place(ImportedSerial& serial, std::uint32_t line) {
    std::size_t next = machine.serials.size();
    for (std::size_t k = 0; k < next; ++k) {
        const ImportedSerial& other = machine.serials[k];
        std::uint64_t base = serial.base.value_or(kComBases[next]), theirs = other.base.value_or(kComBases[k]);
        if (base < theirs + kComPorts && theirs < base + kComPorts) {
            machine.lose(fmt::format("ports {:#x} of {}", base, serial.name), "another serial port has them", line);
            serial.base.reset();
            serial.irq.reset();
        }
        if (serial.irq && *serial.irq == other.irq.value_or(line_of(theirs))) {
            machine.lose(fmt::format("interrupt line {} of {}", *serial.irq, serial.name),
                         "nyx gives each serial port a line of its own", line);
            serial.irq.reset();
        }
    }
}

}  // namespace nyx::interchange

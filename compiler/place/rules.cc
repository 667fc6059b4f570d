#include "compiler/place/rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include "runtime/plan/check_plan.h"

namespace nyx::place {

using diagnostics::Code;

namespace {

// Where Linux looks for ttyS0 to ttyS3 (arch/x86/include/asm/serial.h).
constexpr std::array<std::uint64_t, 4> kLegacySerial{0x3F8, 0x2F8, 0x3E8, 0x2E8};

// The guest finds such a device at one well-known place, or by one ACPI object.
const model::Device& first_of_type(const model::Machine& machine, const std::string& type) {
    return *std::find_if(machine.devices.begin(), machine.devices.end(),
                         [&](const model::Device& device) { return device.type == type; });
}

void report_second(const model::Device& first, const model::Device& device, diagnostics::Sink& sink) {
    auto& finding =
        sink.report(Code::kUniqueDevice, device.where, fmt::format("a machine has at most one {}", device.type),
                    fmt::format("{} is the second", device.name))
            .label(first.where,
                   fmt::format("{} is the first{}", first.name, first.is_default ? " (the board brings it)" : ""))
            .help(first.is_default ? fmt::format("call it {} to change the board's own", first.name)
                                   : "remove one of them");
    // `rtc clock { … }`: the name stands last.
    std::uint32_t begin = device.where.end - static_cast<std::uint32_t>(device.name.size());
    if (first.is_default && begin > device.where.begin + device.type.size())
        finding.fix(fmt::format("call it `{}`", first.name), diagnostics::Applicability::kMaybeIncorrect,
                    {device.where.file, begin, device.where.end}, first.name);
}

std::string host_text(const model::Device& device, const char* field) {
    auto found = device.host.find(field);
    if (found == device.host.end()) return {};
    const auto* text = std::get_if<std::string>(&found->second.value);
    return text ? *text : std::string();
}

Span host_span(const model::Device& device, const char* field) {
    auto found = device.host.find(field);
    return found == device.host.end() || found->second.is_default ? device.where : found->second.where;
}

bool is_read_only(const model::Device& device) {
    auto found = device.fields.find("read_only");
    const bool* flag = found == device.fields.end() ? nullptr : std::get_if<bool>(&found->second.value);
    return flag && *flag;
}

// What a device has of the host, and by which of its fields.
struct HostResource {
    std::string what;  // "the terminal", "the file 'x'"; empty: nothing that others could want too
    const char* field = "backend";
    bool shareable = false;  // with others that say the same
};

HostResource resource_of(const model::Device& device) {
    std::string image = host_text(device, "image");
    if (!image.empty()) return {fmt::format("the file '{}'", image), "image", is_read_only(device)};
    std::string backend = host_text(device, "backend");
    if (backend == "stdio") return {"the terminal", "backend", false};
    if (backend != "file") return {};
    return {fmt::format("the file '{}'", host_text(device, "backend.path")), "backend", false};
}

std::string way_out(const model::Device& device, const HostResource& resource) {
    if (resource.field == std::string_view("image"))
        return fmt::format("give {} an image of its own, or set `read_only = true` in every disk that has this one",
                           device.name);
    return fmt::format("give {} another backend: `backend = pty`, or `backend = none`", device.name);
}

void check_backends(const model::Machine& machine, diagnostics::Sink& sink) {
    std::map<std::string, const model::Device*> users;
    for (const model::Device& device : machine.devices) {
        HostResource resource = resource_of(device);
        if (resource.what.empty()) continue;
        auto [user, is_first] = users.emplace(resource.what, &device);
        if (is_first) continue;
        const model::Device& first = *user->second;
        HostResource of_first = resource_of(first);
        if (resource.shareable && of_first.shareable) continue;
        auto& finding = sink.report(Code::kBackendTwice, host_span(device, resource.field),
                                    fmt::format("{} and {} both use {}", first.name, device.name, resource.what),
                                    fmt::format("{} would use it here", device.name))
                            .label(host_span(first, of_first.field),
                                   fmt::format("{} uses {} since here", first.name, resource.what))
                            .help(way_out(device, resource));
        if (resource.field == std::string_view("backend") && !device.host.at("backend").is_default)
            finding.fix("give it a terminal of its own", diagnostics::Applicability::kMaybeIncorrect,
                        host_span(device, "backend"), "pty");
    }
}

const model::Sourced<std::string>* cmdline_of(const model::Boot& boot) {
    if (const auto* linux_boot = std::get_if<model::BootLinux>(&boot)) return &linux_boot->cmdline;
    if (const auto* pvh = std::get_if<model::BootPvh>(&boot)) return &pvh->cmdline;
    return nullptr;
}

bool has_serial_at(const plan::MachinePlan& plan, std::uint64_t base) {
    return std::any_of(plan.devices.begin(), plan.devices.end(), [&](const plan::DevicePlan& device) {
        return device.type == "serial" && !device.pio.empty() && device.pio.front().base == base;
    });
}

// Behind `boot = linux(…, cmdline: "…")` in the block of a machine that has none. In a chain of the builder the command
// line has no place of its own, and what to write there is the author's.
void offer_serial(diagnostics::Diagnostic& finding, const model::Machine& machine, Span cmdline, std::size_t port) {
    bool has_one = std::any_of(machine.devices.begin(), machine.devices.end(),
                               [](const model::Device& device) { return device.type == "serial"; });
    Span boot = machine.boot.where;
    if (has_one || cmdline.file != boot.file || cmdline.begin <= boot.begin || cmdline.end >= boot.end) return;
    finding.fix(fmt::format("add `serial com{} {{ }}`", port + 1), diagnostics::Applicability::kMaybeIncorrect,
                {boot.file, boot.end, boot.end}, fmt::format("\n    serial com{} {{ }}", port + 1));
}

// The digit in `"… console=ttyS1 …"`, where the text is written as it is meant.
void offer_port(diagnostics::Diagnostic& finding, const model::Sourced<std::string>& cmdline, std::size_t digit,
                const plan::MachinePlan& plan) {
    if (cmdline.where.end - cmdline.where.begin != cmdline.value.size() + 2) return;
    auto begin = cmdline.where.begin + 1 + static_cast<std::uint32_t>(digit);
    for (std::size_t port = 0; port < kLegacySerial.size(); ++port) {
        if (!has_serial_at(plan, kLegacySerial[port])) continue;
        finding.fix(fmt::format("name ttyS{}, which is there", port), diagnostics::Applicability::kMaybeIncorrect,
                    {cmdline.where.file, begin, begin + 1}, std::to_string(port));
        return;
    }
}

}  // namespace

void check_cpus(const model::Machine& machine, diagnostics::Sink& sink) {
    if (machine.cpus.value < 1 || machine.cpus.value > plan::kMaxCpus) {
        sink.report(Code::kCpuCount, machine.cpus.where,
                    fmt::format("{} vCPUs are not 1 to {}", machine.cpus.value, plan::kMaxCpus))
            .help("an xAPIC id has 8 bits, and 255 means all processors")
            .fix(fmt::format("use {}", plan::kMaxCpus), diagnostics::Applicability::kMaybeIncorrect, machine.cpus.where,
                 std::to_string(plan::kMaxCpus));
    }
    if (machine.cpus.value > 1 && !machine.acpi.value && machine.acpi.where.known()) {
        sink.report(Code::kCpusWithoutAcpi, machine.acpi.where,
                    fmt::format("without ACPI the guest will not find its {} vCPUs", machine.cpus.value),
                    "the tables that name them are off")
            .label(machine.cpus.where, "more than one vCPU is set here")
            .help("leave ACPI on, or use one vCPU")
            .fix("leave ACPI on", diagnostics::Applicability::kMaybeIncorrect, machine.acpi.where, "true");
    }
}

void check_unique(model::Machine& machine, diagnostics::Sink& sink) {
    check_backends(machine, sink);
    std::vector<model::Device> unique;
    for (const model::Device& device : machine.devices) {
        const model::Device& first = first_of_type(machine, device.type);
        if (device.is_single && &first != &device) {
            report_second(first, device, sink);
        } else {
            unique.push_back(device);
        }
    }
    machine.devices = std::move(unique);
}

void check_console(const model::Machine& machine, const plan::MachinePlan& plan, diagnostics::Sink& sink) {
    const auto* cmdline = cmdline_of(machine.boot.value);
    if (!cmdline) return;
    std::istringstream words(cmdline->value);
    for (std::string word; words >> word;) {
        constexpr std::string_view kPrefix = "console=ttyS";
        if (!word.starts_with(kPrefix) || word.size() <= kPrefix.size()) continue;
        auto port = static_cast<std::size_t>(word[kPrefix.size()] - '0');
        bool one_digit = word.size() == kPrefix.size() + 1 || word[kPrefix.size() + 1] == ',';
        if (!one_digit || port >= kLegacySerial.size() || has_serial_at(plan, kLegacySerial[port])) continue;
        auto& finding =
            sink.report(Code::kNoConsole, cmdline->where,
                        fmt::format("the command line names ttyS{} and the machine has no serial port at {:#x}", port,
                                    kLegacySerial[port]))
                .help(fmt::format("add `serial com{} {{ }}`, or name a port that is there", port + 1));
        auto behind = words.tellg();
        std::size_t end = behind < 0 ? cmdline->value.size() : static_cast<std::size_t>(behind);
        offer_port(finding, *cmdline, end - word.size() + kPrefix.size(), plan);
        offer_serial(finding, machine, cmdline->where, port);
    }
}

}  // namespace nyx::place

#include "compiler/place/fleet_ports.h"

#include <fmt/format.h>

#include <map>

#include "runtime/base/port_forward.h"

namespace nyx::place {

using diagnostics::Code;
using diagnostics::Severity;

namespace {

constexpr const char* kForwards = "network.forward";

struct User {
    const model::Machine* machine;
    const model::Device* device;

    Span where() const { return device->host.at(kForwards).where; }
};

using Port = std::pair<bool, std::uint16_t>;  // UDP, number

void report(const HostGroup& group, const Port& port, const User& first, const User& second, diagnostics::Sink& sink) {
    bool is_one_machine = first.machine == second.machine;
    auto severity = group.host || is_one_machine ? Severity::kError : Severity::kWarning;
    std::string who = is_one_machine ? fmt::format("{} and {}", first.device->name, second.device->name)
                                     : fmt::format("{} and {}", first.machine->name, second.machine->name);
    auto of = [](const User& user) { return fmt::format("{} of {} has it", user.device->name, user.machine->name); };
    auto& finding = sink.report(
        Code::kSharedHostPort, severity, second.where(),
        fmt::format("{} both take {} port {} of the host", who, port.first ? "UDP" : "TCP", port.second), of(second));
    if (first.where() != second.where()) finding.label(first.where(), of(first));
    if (severity == Severity::kWarning)
        finding.note("that is a mistake where both run on one host; declare it, `host name { }`, to be sure");
    finding.help(fmt::format("give {} of {} another port of the host", second.device->name, second.machine->name));
}

}  // namespace

void check_forwarded_ports(const HostGroup& group, diagnostics::Sink& sink) {
    std::map<Port, User> users;
    for (const model::Machine* machine : group.machines) {
        for (const model::Device& device : machine->devices) {
            auto field = device.host.find(kForwards);
            if (field == device.host.end()) continue;
            const auto* texts = std::get_if<std::vector<std::string>>(&field->second.value);
            for (const std::string& text : texts ? *texts : std::vector<std::string>()) {
                auto forward = parse_forward(text);
                if (!forward) continue;
                Port port{forward->udp, forward->host};
                auto [known, is_new] = users.emplace(port, User{machine, &device});
                if (!is_new) report(group, port, known->second, {machine, &device}, sink);
            }
        }
    }
}

}  // namespace nyx::place

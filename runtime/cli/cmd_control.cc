// nyx ps, and nyx status|pause|resume|reset|powerdown|stop NAME: questions to a running machine.
#include <cstdio>
#include <memory>

#include "runtime/cli/command.h"
#include "runtime/control/client.h"
#include "runtime/control/names.h"

namespace nyx::cli {

namespace {

using nlohmann::json;

struct Arguments {
    std::string name;
    std::string format = "text";
};

std::string text_of(const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

void print(const json& answer, const std::string& format) {
    if (format == "json") {
        fmt::print("{}\n", answer.dump(2));
        return;
    }
    for (const auto& [key, value] : answer.items()) fmt::print("{:<10} {}\n", key, text_of(value));
}

Runner add_request(CLI::App& command, const char* method, const char* path) {
    auto arguments = std::make_shared<Arguments>();
    command.add_option("NAME", arguments->name, "The running machine, as `nyx ps` lists it")->required();
    add_format(command, arguments->format);
    command.footer(fmt::format("Example:\n  nyx {} hello", path + 1));
    return [arguments, method, path] {
        auto answer = control::request(arguments->name, method, path);
        if (!answer) return fail_with(answer.error());
        print(*answer, arguments->format);
        return static_cast<int>(kDone);
    };
}

int list(const std::string& format) {
    auto names = control::running_machines();
    if (!names) return fail_with(names.error());
    json machines = json::array();
    for (const std::string& name : *names) {
        if (auto status = control::request(name, "GET", "/status")) machines.push_back(*status);
    }
    if (format == "json") {
        fmt::print("{}\n", machines.dump(2));
        return kDone;
    }
    fmt::print("{:<20} {:<8} {:>5} {:>12} {:>8}\n", "NAME", "STATE", "CPUS", "MEMORY", "PID");
    for (const json& machine : machines) {
        fmt::print("{:<20} {:<8} {:>5} {:>8} MiB {:>8}\n", text_of(machine.value("name", json())),
                   text_of(machine.value("state", json())), machine.value("cpus", 0),
                   machine.value("memory", std::uint64_t{0}) >> 20, machine.value("pid", 0));
    }
    return kDone;
}

}  // namespace

Runner add_ps(CLI::App& command) {
    auto format = std::make_shared<std::string>("text");
    add_format(command, *format);
    command.footer("Example:\n  nyx ps");
    return [format] { return list(*format); };
}

Runner add_status(CLI::App& command) {
    return add_request(command, "GET", "/status");
}
Runner add_pause(CLI::App& command) {
    return add_request(command, "POST", "/pause");
}
Runner add_resume(CLI::App& command) {
    return add_request(command, "POST", "/resume");
}
Runner add_reset(CLI::App& command) {
    return add_request(command, "POST", "/reset");
}
Runner add_powerdown(CLI::App& command) {
    return add_request(command, "POST", "/powerdown");
}
Runner add_stop(CLI::App& command) {
    return add_request(command, "POST", "/stop");
}

}  // namespace nyx::cli

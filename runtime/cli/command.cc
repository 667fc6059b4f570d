#include "runtime/cli/command.h"

#include <cstdio>

namespace nyx::cli {

int fail_with(const Error& error) {
    fmt::print(stderr, "nyx: {}\n", error.text());
    return error.code == ErrorCode::kInvalidArgument ? kWrongUsage : kEnvironment;
}

void add_format(CLI::App& command, std::string& format) {
    command.add_option("--format", format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
}

}  // namespace nyx::cli

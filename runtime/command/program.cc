#include <algorithm>
#include <cstdio>
#include <vector>

#include "runtime/command/command.h"

namespace nyx::command {
namespace {

struct Declared {
    CLI::App* app;
    Runner run;
};

// What was asked for goes to stdout with status 0; a mistake goes to stderr.
int usage_exit(const CLI::App& app, const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    const CLI::App* command = &app;
    if (!app.get_subcommands().empty()) command = app.get_subcommands().front();
    std::string name = app.get_name() + (command == &app ? "" : " " + command->get_name());
    fmt::print(stderr, "{}: {}\nTry `{} --help`.\n", name, error.what(), name);
    return kWrongUsage;
}

[[noreturn]] void print_and_leave(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    throw CLI::Success();
}

void add_pages(CLI::App& app, const Program& program) {
    app.add_flag_callback(
           "--manual", [&] { print_and_leave(manual(app, program)); }, "Print the manual page and exit")
        ->trigger_on_parse();
    app.add_option_function<std::string>(
           "--completion", [&app](const std::string& shell) { print_and_leave(completion(app, shell)); },
           "Print the completions of a shell (bash, zsh or fish) and exit")
        ->check(CLI::IsMember({"bash", "zsh", "fish"}))
        ->trigger_on_parse();
}

}  // namespace

int run(const Program& program, int argc, char** argv) {
    CLI::App app(program.summary, program.name);
    app.set_version_flag("--version", fmt::format("{} {}", program.name, program.version));
    app.require_subcommand(1);
    app.footer(fmt::format("Example:\n  {}", program.example));
    add_pages(app, program);
    std::vector<Declared> declared;
    for (const Command& command : program.commands) {
        std::string name = command.name;
        std::replace(name.begin(), name.end(), '_', '-');
        CLI::App* child = app.add_subcommand(name, command.summary);
        declared.push_back({child, command.declare(*child)});
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return usage_exit(app, error);
    }
    for (const Declared& command : declared)
        if (command.app->parsed()) return command.run();
    return kWrongUsage;
}

int fail_with(const char* program, const Error& error) {
    fmt::print(stderr, "{}: {}\n", program, error.text());
    return error.code == ErrorCode::kInvalidArgument ? kWrongUsage : kEnvironment;
}

void add_format(CLI::App& command, std::string& format, std::vector<std::string> choices) {
    format = choices.front();
    command.add_option("--format", format, fmt::format("{}", fmt::join(choices, ", ")))
        ->check(CLI::IsMember(std::move(choices)))
        ->capture_default_str();
}

}  // namespace nyx::command

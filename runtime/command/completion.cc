// Completions for shells, from the same declarations as --help.
#include <algorithm>

#include "runtime/command/command.h"

namespace nyx::command {
namespace {

struct Flag {
    std::string name;  // "--format"
    std::string text;
    bool takes_value = false;
};

std::vector<Flag> flags_of(const CLI::App& app) {
    std::vector<Flag> flags;
    for (const CLI::Option* option : app.get_options())
        for (const std::string& name : option->get_lnames())
            flags.push_back({"--" + name, option->get_description(), option->get_items_expected_max() > 0});
    return flags;
}

std::string names_of(const CLI::App& app) {
    std::string names;
    for (const Flag& flag : flags_of(app)) names += (names.empty() ? "" : " ") + flag.name;
    return names;
}

std::string commands_of(const CLI::App& app) {
    std::string names;
    for (const CLI::App* command : app.get_subcommands({})) names += (names.empty() ? "" : " ") + command->get_name();
    return names;
}

// For a place between two single quotes.
std::string quoted(std::string text) {
    std::erase(text, '\'');
    std::ranges::replace(text, '\n', ' ');
    return text;
}

std::string bash(const CLI::App& app) {
    std::string cases;
    for (const CLI::App* command : app.get_subcommands({}))
        cases += fmt::format("        {}) words='{}' ;;\n", command->get_name(), names_of(*command));
    return fmt::format(R"(# bash completion of {0}
_{0}() {{
    local word="${{COMP_WORDS[COMP_CWORD]}}" words='{1} {2}'
    case "${{COMP_WORDS[1]}}" in
{3}    esac
    [ "$COMP_CWORD" -eq 1 ] && words='{1} {2}'
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o bashdefault -o default -F _{0} {0}
)",
                       app.get_name(), commands_of(app), names_of(app), cases);
}

std::string zsh(const CLI::App& app) {
    std::string commands, cases;
    for (const CLI::App* command : app.get_subcommands({})) {
        commands += fmt::format("        '{}:{}'\n", command->get_name(), quoted(command->get_description()));
        std::string flags;
        for (const Flag& flag : flags_of(*command)) {
            std::string text = quoted(flag.text);
            std::ranges::replace(text, '[', '(');
            std::ranges::replace(text, ']', ')');
            flags += fmt::format(" '{}{}[{}]{}'", flag.name, flag.takes_value ? "=" : "", text,
                                 flag.takes_value ? ":value:_files" : "");
        }
        cases += fmt::format("        {}) _arguments{} '*:file:_files' ;;\n", command->get_name(), flags);
    }
    return fmt::format(R"(#compdef {0}
_{0}() {{
    local -a commands=(
{1}    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    local command=$words[2]
    shift words
    (( CURRENT-- ))
    case $command in
{2}    esac
}}
_{0} "$@"
)",
                       app.get_name(), commands, cases);
}

std::string fish(const CLI::App& app) {
    std::string text = fmt::format("# fish completion of {}\n", app.get_name());
    for (const CLI::App* command : app.get_subcommands({})) {
        text += fmt::format("complete -c {} -n __fish_use_subcommand -a {} -d '{}'\n", app.get_name(),
                            command->get_name(), quoted(command->get_description()));
        for (const Flag& flag : flags_of(*command))
            text +=
                fmt::format("complete -c {} -n '__fish_seen_subcommand_from {}' -l {}{} -d '{}'\n", app.get_name(),
                            command->get_name(), flag.name.substr(2), flag.takes_value ? " -r" : "", quoted(flag.text));
    }
    return text;
}

}  // namespace

std::string completion(const CLI::App& app, const std::string& shell) {
    if (shell == "bash") return bash(app);
    return shell == "zsh" ? zsh(app) : fish(app);
}

}  // namespace nyx::command

// The manual page, from the same declarations as --help (man(7)).
#include "runtime/command/command.h"

namespace nyx::command {
namespace {

// Text in which roff must find no requests and no escapes.
std::string plain(std::string_view text) {
    std::string out;
    bool at_start = true;
    for (char c : text) {
        if (at_start && (c == '.' || c == '\'')) out += "\\&";
        if (c == '\\') out += '\\';
        if (c == '-') out += '\\';
        out += c;
        at_start = c == '\n';
    }
    return out;
}

std::string option_entry(const CLI::Option& option) {
    std::string name = option.get_name(false, true);
    if (option.get_items_expected_max() > 0 && !option.get_positional()) name += " " + option.get_type_name();
    return fmt::format(".TP\n.B {}\n{}\n", plain(name), plain(option.get_description()));
}

// What stands behind the options: "Status: …", "Example: …".
std::string footer_of(const CLI::App& app) {
    return app.get_footer().empty() ? "" : fmt::format(".PP\n.nf\n{}\n.fi\n", plain(app.get_footer()));
}

std::string command_section(const std::string& program, const CLI::App& command) {
    std::string text =
        fmt::format(".SS {} {}\n{}\n", plain(program), plain(command.get_name()), plain(command.get_description()));
    for (const CLI::Option* option : command.get_options())
        if (option->get_name() != "--help" && !option->get_group().empty()) text += option_entry(*option);
    return text + footer_of(command);
}

}  // namespace

std::string manual(const CLI::App& app, const Program& program) {
    std::string upper;
    for (const char* c = program.name; *c != '\0'; ++c) upper += static_cast<char>(*c - 'a' + 'A');
    std::string text = fmt::format(
        ".TH {0} 1 \"\" \"Nyx {1}\" \"User Commands\"\n.SH NAME\n{2} \\- {3}\n.SH SYNOPSIS\n.B {2}\n.I command\n"
        "[options]\n.SH DESCRIPTION\n{3}\n.SH OPTIONS\n",
        upper, program.version, program.name, plain(program.summary));
    for (const CLI::Option* option : app.get_options()) text += option_entry(*option);
    text += ".SH COMMANDS\n";
    for (const CLI::App* command : app.get_subcommands({})) text += command_section(program.name, *command);
    text +=
        ".SH EXIT STATUS\n.TP\n.B 0\ndone\n.TP\n.B 1\nthe source has mistakes; diagnostics were printed\n"
        ".TP\n.B 2\nwrong usage\n.TP\n.B 3\nthe environment refused: no KVM, a file is missing, the disk is full\n"
        ".TP\n.B 4\nthe guest failed\n";
    return text;
}

}  // namespace nyx::command

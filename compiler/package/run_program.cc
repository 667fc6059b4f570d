#include "compiler/package/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "runtime/base/file.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX declares it nowhere

namespace nyx::package {

namespace {

struct Pipe {
    Fd read;
    Fd write;
};

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(errno_error(errno, "pipe"));
    return Pipe{Fd(ends[0]), Fd(ends[1])};
}

// `NAME=value` for all of ours, with those of `extra` in their place.
std::vector<std::string> merged_environment(const std::map<std::string, std::string>& extra) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        std::string_view text(*entry);
        if (!extra.contains(std::string(text.substr(0, text.find('='))))) all.emplace_back(text);
    }
    for (const auto& [name, value] : extra) {
        std::string entry = name;
        entry += '=';
        entry += value;
        all.push_back(std::move(entry));
    }
    return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

// Both streams to their ends; what is too much is read and dropped.
void drain(Pipe& output, Pipe& errors, Ran& ran, std::size_t most) {
    std::array<pollfd, 2> open{{{output.read.get(), POLLIN, 0}, {errors.read.get(), POLLIN, 0}}};
    std::array<std::string*, 2> into{&ran.output, &ran.errors};
    std::array<char, 65536> buffer{};
    while (open[0].fd >= 0 || open[1].fd >= 0) {
        if (::poll(open.data(), open.size(), -1) < 0 && errno != EINTR) return;
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (open.at(i).fd < 0 || open.at(i).revents == 0) continue;
            ssize_t count = ::read(open.at(i).fd, buffer.data(), buffer.size());
            if (count <= 0) open.at(i).fd = -1;
            if (count > 0 && into.at(i)->size() < most)
                into.at(i)->append(buffer.data(), static_cast<std::size_t>(count));
        }
    }
}

}  // namespace

Result<Ran> run_program(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
                        std::size_t most) {
    NYX_ASSIGN(Pipe output, make_pipe());
    NYX_ASSIGN(Pipe errors, make_pipe());
    std::vector<std::string> arguments = words;
    std::vector<std::string> variables = merged_environment(environment);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output.write.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors.write.get(), STDERR_FILENO);
    pid_t child = 0;
    int refused = ::posix_spawnp(&child, words.front().c_str(), &actions, nullptr, pointers(arguments).data(),
                                 pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (refused != 0) return fail(errno_error(refused, words.front()));
    output.write = Fd();
    errors.write = Fd();
    Ran ran;
    drain(output, errors, ran, most);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ran;
}

}  // namespace nyx::package

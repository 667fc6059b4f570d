#include "compiler/testing/guest.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

namespace nyx::testing {

using Clock = std::chrono::steady_clock;

namespace {

// A guest that never stops talking does not fill the memory: the beginning goes.
constexpr std::size_t kMostKept = std::size_t{4} << 20;
constexpr auto kGrace = std::chrono::milliseconds(500);

struct Pipe {
    int read = -1;
    int write = -1;
};

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(errno_error(errno, "making a pipe"));
    return Pipe{ends[0], ends[1]};
}

void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
}

// In the child. It ends with the parent, whatever ends that.
[[noreturn]] void become(const std::vector<char*>& argv, const char* folder, const Pipe& in, const Pipe& out,
                         const Pipe& err, pid_t parent) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent || ::chdir(folder) != 0) ::_exit(127);
    ::dup2(in.read, STDIN_FILENO);
    ::dup2(out.write, STDOUT_FILENO);
    ::dup2(err.write, STDERR_FILENO);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
}

}  // namespace

Result<std::unique_ptr<Guest>> Guest::start(const std::vector<std::string>& words, const std::string& folder) {
    std::vector<std::string> copies = words;
    std::vector<char*> argv;
    for (std::string& word : copies) argv.push_back(word.data());
    argv.push_back(nullptr);
    NYX_ASSIGN(Pipe in, make_pipe());
    NYX_ASSIGN(Pipe out, make_pipe());
    NYX_ASSIGN(Pipe err, make_pipe());
    std::signal(SIGPIPE, SIG_IGN);  // a guest that has ended takes no input
    pid_t parent = ::getpid();
    pid_t child = ::fork();
    if (child == 0) become(argv, folder.c_str(), in, out, err, parent);
    close_end(in.read);
    close_end(out.write);
    close_end(err.write);
    std::unique_ptr<Guest> owned(new Guest(child, {in.write, out.read, err.read}));
    if (child < 0) return fail(errno_error(errno, "starting nyx"));
    ::setpgid(child, child);
    for (int end : {in.write, out.read, err.read}) ::fcntl(end, F_SETFL, O_NONBLOCK);
    return owned;
}

Guest::~Guest() {
    if (child_ > 0 && !status_) {
        ::kill(-child_, SIGTERM);
        wait_for_end(kGrace);
        if (!status_) ::kill(-child_, SIGKILL);
        if (!status_) reap(true);
    }
    for (int* end : {&pipes_.input, &pipes_.output, &pipes_.errors}) close_end(*end);
}

void Guest::reap(bool must_wait) {
    int status = 0;
    pid_t done = 0;
    do {
        done = ::waitpid(child_, &status, must_wait ? 0 : WNOHANG);
    } while (done < 0 && errno == EINTR);
    if (done != child_) return;
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// False when the other side is closed.
bool Guest::take(int& pipe, std::string& into) {
    std::array<char, 4096> buffer;
    for (;;) {
        ssize_t got = ::read(pipe, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            bool open = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
            if (!open) close_end(pipe);
            return open;
        }
        into.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

bool Guest::read_some(Clock::time_point deadline) {
    std::array<pollfd, 2> waits{pollfd{pipes_.output, POLLIN, 0}, pollfd{pipes_.errors, POLLIN, 0}};
    if (pipes_.output < 0 && pipes_.errors < 0) return false;
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    ::poll(waits.data(), waits.size(), static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000)));
    if (pipes_.output >= 0) take(pipes_.output, serial_);
    if (pipes_.errors >= 0) take(pipes_.errors, errors_);
    if (serial_.size() > kMostKept) {
        std::size_t gone = serial_.size() - kMostKept / 2;
        serial_.erase(0, gone);
        found_ -= std::min(found_, gone);
    }
    if (errors_.size() > kMostKept) errors_.erase(0, errors_.size() - kMostKept / 2);
    return pipes_.output >= 0 || pipes_.errors >= 0;
}

Guest::Wait Guest::wait_for(const std::string& text, Time within) {
    auto deadline = Clock::now() + within;
    for (;;) {
        std::size_t at = serial_.find(text, found_);
        if (at != std::string::npos) {
            found_ = at + text.size();
            return Wait::kDone;
        }
        if (pipes_.output < 0) return Wait::kEnded;
        if (Clock::now() >= deadline) return Wait::kTooLong;
        read_some(deadline);
    }
}

Guest::Wait Guest::wait_for_end(Time within) {
    auto deadline = Clock::now() + within;
    while (!status_) {
        bool open = read_some(std::min(deadline, Clock::now() + std::chrono::milliseconds(20)));
        if (!open) ::usleep(1000);
        reap(false);
        if (!status_ && Clock::now() >= deadline) return Wait::kTooLong;
    }
    read_some(Clock::now());
    return Wait::kDone;
}

bool Guest::goes_on() {
    read_some(Clock::now());
    if (!status_) reap(false);
    return !status_;
}

bool Guest::send(const std::string& text) {
    std::size_t sent = 0;
    auto deadline = Clock::now() + std::chrono::seconds(5);
    while (sent < text.size() && pipes_.input >= 0 && Clock::now() < deadline) {
        ssize_t put = ::write(pipes_.input, text.data() + sent, text.size() - sent);
        if (put > 0) sent += static_cast<std::size_t>(put);
        if (put < 0 && errno != EAGAIN && errno != EINTR) return false;
        if (put < 0) read_some(Clock::now() + std::chrono::milliseconds(10));
    }
    return sent == text.size();
}

}  // namespace nyx::testing

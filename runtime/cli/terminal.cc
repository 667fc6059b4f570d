#include "runtime/cli/terminal.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

#include "runtime/base/check.h"

namespace nyx::cli {
namespace {

// For the handler of fatal signals, which can use nothing else. Written before `fatal_fd`, read after it.
termios fatal_settings;
std::atomic<int> fatal_fd{-1};

constexpr int kFatalSignals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};

// tcsetattr and raise are async-signal-safe (POSIX.1-2017, System Interfaces §2.4.3).
void restore_and_die(int signal) {
    int fd = fatal_fd.load();
    if (fd >= 0) ::tcsetattr(fd, TCSANOW, &fatal_settings);
    ::raise(signal);  // with the default action, because of SA_RESETHAND
}

void handle_fatal_signals() {
    struct sigaction action{};
    action.sa_handler = restore_and_die;
    action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    for (int signal : kFatalSignals) ::sigaction(signal, &action, nullptr);
}

void default_fatal_signals() {
    for (int signal : kFatalSignals) ::signal(signal, SIG_DFL);
}

}  // namespace

Result<std::unique_ptr<RawTerminal>> RawTerminal::enter(int fd) {
    termios before{};
    if (::tcgetattr(fd, &before) != 0) return fail(errno_error(errno, "the terminal's settings"));
    NYX_CHECK(fatal_fd.load() < 0, "two raw terminals");
    fatal_settings = before;
    fatal_fd.store(fd);
    handle_fatal_signals();
    std::unique_ptr<RawTerminal> terminal(new RawTerminal(fd, before));
    terminal->make_raw();
    return terminal;
}

RawTerminal::~RawTerminal() {
    restore();
    default_fatal_signals();
    fatal_fd.store(-1);
}

void RawTerminal::restore() const {
    ::tcsetattr(fd_, TCSADRAIN, &before_);
}

void RawTerminal::make_raw() const {
    termios raw = before_;
    ::cfmakeraw(&raw);
    raw.c_oflag |= before_.c_oflag & OPOST;  // our own messages end in plain newlines
    ::tcsetattr(fd_, TCSADRAIN, &raw);
}

}  // namespace nyx::cli

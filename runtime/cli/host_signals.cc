#include "runtime/cli/host_signals.h"

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>

namespace nyx::cli {

Result<std::unique_ptr<HostSignals>> HostSignals::block() {
    std::unique_ptr<HostSignals> signals(new HostSignals());
    sigset_t mask;
    sigemptyset(&mask);
    for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT}) sigaddset(&mask, signal);
    ::pthread_sigmask(SIG_BLOCK, &mask, &signals->before_);
    ::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of the write
    signals->fd_ = Fd(::signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals->fd_) return fail(errno_error(errno, "signalfd"));
    return signals;
}

HostSignals::~HostSignals() {
    if (loop_ != nullptr) loop_->remove(fd_.get());
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

Status HostSignals::watch(vm::EventLoop& loop, Actions actions) {
    actions_ = std::move(actions);
    NYX_TRY(loop.add(fd_.get(), [this] { take_one(); }));
    loop_ = &loop;
    return {};
}

void HostSignals::take_one() {
    signalfd_siginfo info{};
    if (::read(fd_.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return;
    int signal = static_cast<int>(info.ssi_signo);
    if (signal == SIGTSTP) {
        actions_.before_stop();
        ::kill(::getpid(), SIGSTOP);
    } else if (signal == SIGCONT) {
        actions_.after_stop();
    } else {
        actions_.end(signal);
    }
}

}  // namespace nyx::cli

#include "devices/backend/streams.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

namespace nyx::dev {

void FileBackend::write(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        ssize_t count = ::write(fd_.get(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {  // a full disk, for one; the guest goes on
            dropped_.fetch_add(bytes.size(), std::memory_order_relaxed);
            return;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

StreamBackend::StreamBackend(Fd input, Fd output, Fd held, std::string description)
    : input_(std::move(input)),
      output_(std::move(output)),
      held_(std::move(held)),
      description_(std::move(description)),
      pump_(output_.get()) {}

// The descriptor may be shared with other programs and so stay blocking: ask before reading.
InputBytes StreamBackend::read(std::span<std::uint8_t> into) {
    if (!input_) return {0, true};
    pollfd ready{input_.get(), POLLIN, 0};
    if (into.empty() || ::poll(&ready, 1, 0) <= 0) return {};
    ssize_t count = ::read(input_.get(), into.data(), into.size());
    if (count > 0) return {static_cast<std::size_t>(count), false};
    bool nothing_now = count < 0 && (errno == EAGAIN || errno == EINTR);
    return {0, !nothing_now};
}

static Result<Fd> duplicate(int fd, std::string_view what) {
    int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (copy < 0) return fail(errno_error(errno, what));
    return Fd(copy);
}

// O_NONBLOCK belongs to the open file, which the shell that started us shares; a terminal or pipe is therefore opened
// anew.
static Fd reopen_for_writing(int fd) {
    struct stat info{};
    if (::fstat(fd, &info) < 0 || !(S_ISFIFO(info.st_mode) || ::isatty(fd))) return {};
    std::string path = fmt::format("/proc/self/fd/{}", fd);
    return Fd(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

Result<std::unique_ptr<Backend>> open_stdio() {
    NYX_ASSIGN(Fd input, duplicate(STDIN_FILENO, "standard input"));
    Fd output = reopen_for_writing(STDOUT_FILENO);
    if (!output) {
        NYX_ASSIGN(output, duplicate(STDOUT_FILENO, "standard output"));
    }
    return std::make_unique<StreamBackend>(std::move(input), std::move(output), Fd(), "standard input and output");
}

// Raw: the guest's own terminal handling is the only one.
static void make_raw(int fd) {
    termios settings{};
    if (::tcgetattr(fd, &settings) != 0) return;
    ::cfmakeraw(&settings);
    ::tcsetattr(fd, TCSANOW, &settings);
}

// We hold the other side open too: programs may then come and go without the master seeing a hang-up, and what was
// printed before the first one came waits for it.
Result<std::unique_ptr<Backend>> open_pty() {
    Fd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    if (!master) return fail(errno_error(errno, "cannot make a pseudo-terminal"));
    char name[128] = {};
    if (::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0 ||
        ::ptsname_r(master.get(), name, sizeof name) != 0)
        return fail(errno_error(errno, "cannot prepare a pseudo-terminal"));
    Fd slave(::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!slave) return fail(errno_error(errno, name));
    make_raw(slave.get());
    NYX_ASSIGN(Fd input, duplicate(master.get(), name));
    return std::make_unique<StreamBackend>(std::move(input), std::move(master), std::move(slave),
                                           fmt::format("pseudo-terminal {}", name));
}

Result<std::unique_ptr<Backend>> open_file(const BackendSpec& spec) {
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (spec.append ? O_APPEND : O_TRUNC);
    Fd fd(::open(spec.path.c_str(), flags, 0644));
    if (!fd) return fail(errno_error(errno, spec.path));
    struct stat info{};
    if (::fstat(fd.get(), &info) < 0) return fail(errno_error(errno, spec.path));
    if (S_ISREG(info.st_mode)) return std::make_unique<FileBackend>(std::move(fd), spec.path);
    return std::make_unique<StreamBackend>(Fd(), std::move(fd), Fd(), spec.path);
}

Result<std::unique_ptr<Backend>> open_backend(const BackendSpec& spec) {
    switch (spec.kind) {
        case BackendKind::kNull:
            return std::make_unique<NullBackend>();
        case BackendKind::kStdio:
            return open_stdio();
        case BackendKind::kPty:
            return open_pty();
        case BackendKind::kFile:
            return open_file(spec);
    }
    return fail(ErrorCode::kInvalidArgument, "unknown kind of backend");
}

}  // namespace nyx::dev

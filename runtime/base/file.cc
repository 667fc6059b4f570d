#include "runtime/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace nyx {

Fd& Fd::operator=(Fd&& other) noexcept {
    if (this != &other) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = other.release();
    }
    return *this;
}

Fd::~Fd() {
    if (fd_ >= 0) ::close(fd_);
}

Result<Bytes> read_file(const std::string& path, std::uint64_t limit) {
    Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return fail(errno_error(errno, path));
    struct stat info{};
    if (::fstat(fd.get(), &info) != 0) return fail(errno_error(errno, path));
    if (!S_ISREG(info.st_mode)) return fail(ErrorCode::kInvalidArgument, "{}: not a regular file", path);
    auto size = static_cast<std::uint64_t>(info.st_size);
    if (size > limit) return fail(ErrorCode::kResource, "{}: {} bytes; at most {} are read", path, size, limit);
    Bytes bytes(size);
    std::size_t done = 0;
    while (done < bytes.size()) {
        ssize_t count = ::read(fd.get(), bytes.data() + done, bytes.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(errno_error(errno, path));
        if (count == 0) break;  // it was cut while we read
        done += static_cast<std::size_t>(count);
    }
    bytes.resize(done);
    return bytes;
}

static Status write_all(int fd, const std::string& path, ByteView bytes) {
    while (!bytes.empty()) {
        ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(errno_error(errno, path));
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Status write_file(const std::string& path, ByteView bytes, unsigned mode) {
    return write_file(path, std::span<const ByteView>(&bytes, 1), mode);
}

Status write_file(const std::string& path, std::span<const ByteView> pieces, unsigned mode) {
    std::string temporary = path + ".XXXXXX";
    Fd fd(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!fd) return fail(errno_error(errno, path));
    Status written;
    for (ByteView piece : pieces)
        if (written) written = write_all(fd.get(), path, piece);
    if (written && (::fchmod(fd.get(), mode) != 0 || ::fsync(fd.get()) != 0)) written = fail(errno_error(errno, path));
    if (written && std::rename(temporary.c_str(), path.c_str()) != 0) written = fail(errno_error(errno, path));
    if (!written) ::unlink(temporary.c_str());
    return written;
}

}  // namespace nyx

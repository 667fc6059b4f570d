#include "devices/storage/image_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "runtime/base/log.h"

namespace nyx::dev {
namespace {

Status lock(int fd, const std::string& path, bool read_only) {
    struct flock whole{};
    whole.l_type = static_cast<short>(read_only ? F_RDLCK : F_WRLCK);
    whole.l_whence = SEEK_SET;
    if (::fcntl(fd, F_OFD_SETLK, &whole) == 0) return {};
    if (errno != EAGAIN && errno != EACCES) return fail(errno_error(errno, path));
    return fail(Error{ErrorCode::kPermission, path + ": another program has this disk image open",
                      read_only ? "it writes to it: end it first"
                                : "only one machine can write an image: end the other, give this one a copy, or set "
                                  "`read_only = true` in both"});
}

int read_all(int fd, std::span<std::uint8_t> into, std::uint64_t offset) {
    while (!into.empty()) {
        ssize_t count = ::pread(fd, into.data(), into.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        if (count == 0) return EIO;  // the file became shorter
        into = into.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return 0;
}

int write_all(int fd, std::span<const std::uint8_t> from, std::uint64_t offset) {
    while (!from.empty()) {
        ssize_t count = ::pwrite(fd, from.data(), from.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        from = from.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return 0;
}

int write_zeroes(int fd, std::uint64_t offset, std::uint64_t size) {
    static constexpr std::array<std::uint8_t, 65536> kZeroes{};
    int error = 0;
    while (size > 0 && error == 0) {
        std::size_t part = static_cast<std::size_t>(std::min<std::uint64_t>(size, kZeroes.size()));
        error = write_all(fd, std::span(kZeroes).first(part), offset);
        offset += part;
        size -= part;
    }
    return error;
}

int erase(const ImageFile& image, const BlockRequest& request) {
    const bool is_discard = request.kind == BlockRequest::Kind::kDiscard;
    const int mode = is_discard || request.unmap ? FALLOC_FL_PUNCH_HOLE : FALLOC_FL_ZERO_RANGE;
    if (::fallocate(image.fd.get(), mode | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(request.offset),
                    static_cast<off_t>(request.size)) == 0)
        return 0;
    if (errno != EOPNOTSUPP && errno != ENODEV) return errno;
    return is_discard ? 0 : write_zeroes(image.fd.get(), request.offset, request.size);
}

const char* verb(BlockRequest::Kind kind) {
    switch (kind) {
        case BlockRequest::Kind::kRead:
            return "read";
        case BlockRequest::Kind::kWrite:
            return "write";
        case BlockRequest::Kind::kFlush:
            return "flush";
        case BlockRequest::Kind::kDiscard:
            return "discard";
        case BlockRequest::Kind::kWriteZeroes:
            return "zeroing";
    }
    return "";
}

}  // namespace

Result<ImageFile> ImageFile::open(const std::string& path, bool read_only) {
    ImageFile image;
    image.path = path;
    image.read_only = read_only;
    image.fd = Fd(::open(path.c_str(), (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NOCTTY));
    if (!image.fd) {
        Error error = errno_error(errno, path);
        if (!read_only && (errno == EACCES || errno == EROFS || errno == EPERM))
            error.hint = "the machine writes to its disk; `read_only = true` in the disk says that it does not";
        return fail(std::move(error));
    }
    struct stat info{};
    if (::fstat(image.fd.get(), &info) != 0) return fail(errno_error(errno, path));
    if (!S_ISREG(info.st_mode) && !S_ISBLK(info.st_mode))
        return fail(ErrorCode::kInvalidArgument, "{}: a disk image is a file or a block device", path);
    off_t end = ::lseek(image.fd.get(), 0, SEEK_END);
    if (end < 0) return fail(errno_error(errno, path));
    if (end < 512)
        return fail(Error{ErrorCode::kInvalidArgument, fmt::format("{}: {} bytes are no disk", path, end),
                          "`truncate -s 1G FILE` makes an empty disk of 1 GiB"});
    image.size = static_cast<std::uint64_t>(end);
    NYX_TRY(lock(image.fd.get(), path, read_only));
    return image;
}

int do_now(const ImageFile& image, const BlockRequest& request) {
    using Kind = BlockRequest::Kind;
    if (request.kind == Kind::kFlush) return ::fdatasync(image.fd.get()) == 0 ? 0 : errno;
    if (request.kind == Kind::kDiscard || request.kind == Kind::kWriteZeroes) return erase(image, request);
    std::uint64_t offset = request.offset;
    for (std::span<std::uint8_t> buffer : request.buffers) {
        int error = request.kind == Kind::kRead ? read_all(image.fd.get(), buffer, offset)
                                                : write_all(image.fd.get(), buffer, offset);
        if (error != 0) return error;
        offset += buffer.size();
    }
    return 0;
}

void report_failure(const ImageFile& image, const BlockRequest& request, int error) {
    log_warning("{}: {} of {} bytes at {}: {}", image.path, verb(request.kind), request.size, request.offset,
                std::strerror(error));
}

}  // namespace nyx::dev

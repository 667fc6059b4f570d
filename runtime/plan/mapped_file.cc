#include "runtime/plan/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "runtime/base/file.h"

namespace nyx::plan {

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) ::munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
}

void MappedFile::release_pages() const {
    if (!bytes_.empty()) ::madvise(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size(), MADV_DONTNEED);
}

Result<MappedFile> MappedFile::open(const std::string& path) {
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return fail(errno_error(errno, path));
    struct stat info{};
    if (::fstat(fd.get(), &info) != 0) return fail(errno_error(errno, path));
    if (!S_ISREG(info.st_mode)) return fail(ErrorCode::kIo, "{}: not a regular file", path);
    MappedFile file;
    auto size = static_cast<std::size_t>(info.st_size);
    if (size == 0) return file;
    void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (address == MAP_FAILED) return fail(errno_error(errno, path));
    file.bytes_ = {static_cast<const std::uint8_t*>(address), size};
    return file;
}

}  // namespace nyx::plan

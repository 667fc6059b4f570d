// Whole files, and a descriptor that closes itself.
#pragma once

#include <span>
#include <string>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"

namespace nyx {

// Owns a file descriptor; -1 is none.
class Fd {
  public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(other.release()) {}
    Fd& operator=(Fd&& other) noexcept;
    ~Fd();

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    int release() {
        int fd = fd_;
        fd_ = -1;
        return fd;
    }

  private:
    int fd_ = -1;
};

// Reads a regular file of at most `limit` bytes.
Result<Bytes> read_file(const std::string& path, std::uint64_t limit = std::uint64_t{1} << 34);

// Writes to a temporary file beside `path`, syncs it and renames it: the file appears whole or not at all.
// mode: its permissions.
Status write_file(const std::string& path, ByteView bytes, unsigned mode = 0644);
Status write_file(const std::string& path, std::span<const ByteView> pieces, unsigned mode = 0644);

}  // namespace nyx

// A regular file mapped read-only into memory. The pages belong to the page cache, so an image costs no memory of ours.
// A file that somebody truncates while it is mapped ends the process with SIGBUS: bundles and images are replaced by
// renaming, never written in place.
#pragma once

#include <string>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"

namespace nyx::plan {

// Movable; the view stays valid until destruction.
class MappedFile {
  public:
    static Result<MappedFile> open(const std::string& path);
    MappedFile() = default;
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    ByteView bytes() const { return bytes_; }
    // They no longer count as this process's memory; bytes() stays valid and brings them back.
    void release_pages() const;

  private:
    ByteView bytes_;
};

}  // namespace nyx::plan

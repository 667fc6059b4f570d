// A disk image on the host: a regular file or a block device, locked for as long as it is open.
//
// Who writes an image has it alone; any number may read one (open file description locks, fcntl(2) F_OFD_SETLK, which
// QEMU's tools honour as well). Movable.
#pragma once

#include <cstdint>
#include <string>

#include "devices/kit/block_store.h"
#include "runtime/base/file.h"
#include "runtime/base/result.h"

namespace nyx::dev {

struct ImageFile {
    Fd fd;
    std::string path;
    std::uint64_t size = 0;  // bytes, not 0
    bool read_only = false;

    static Result<ImageFile> open(const std::string& path, bool read_only);
};

// Does a request that reads, writes or erases, all of it, and waits; 0 or an errno value. A file system that cannot
// make holes has zeroes written instead; a discard is then nothing.
int do_now(const ImageFile& image, const BlockRequest& request);
// "root.img: write of 4096 bytes at 8192: No space left on device", to the log.
void report_failure(const ImageFile& image, const BlockRequest& request, int error);

}  // namespace nyx::dev

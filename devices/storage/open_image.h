// Opening a disk image as what a disk works with.
#pragma once

#include <memory>
#include <string>

#include "devices/kit/block_store.h"
#include "runtime/base/result.h"

namespace nyx::dev {

enum class StoreMode {
    kAsynchronous,  // through io_uring where the host has it
    kSynchronous,   // every request is done when submit() returns, so that a run can be repeated
};

Result<std::unique_ptr<BlockStore>> open_image(const std::string& path, bool read_only, StoreMode mode);

}  // namespace nyx::dev

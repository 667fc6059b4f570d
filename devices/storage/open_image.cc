#include "devices/storage/open_image.h"

#include "devices/storage/plain_store.h"
#include "devices/storage/uring_store.h"
#include "runtime/base/log.h"

namespace nyx::dev {

Result<std::unique_ptr<BlockStore>> open_image(const std::string& path, bool read_only, StoreMode mode) {
    NYX_ASSIGN(ImageFile image, ImageFile::open(path, read_only));
    if (mode == StoreMode::kAsynchronous) {
        auto store = UringStore::create(image);
        if (store) return std::unique_ptr<BlockStore>(std::move(*store));
        log_info("{}: {}; the processors of the guest wait for their disk", path, store.error().message);
    }
    return std::unique_ptr<BlockStore>(std::make_unique<PlainStore>(std::move(image)));
}

}  // namespace nyx::dev

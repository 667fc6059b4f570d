#include "devices/storage/plain_store.h"

namespace nyx::dev {

void PlainStore::submit(BlockRequest request) {
    int error = do_now(image_, request);
    if (error != 0) report_failure(image_, request, error);
    request.done(error);
}

}  // namespace nyx::dev

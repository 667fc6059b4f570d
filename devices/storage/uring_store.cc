#include "devices/storage/uring_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/base/check.h"

namespace nyx::dev {

Result<std::unique_ptr<UringStore>> UringStore::create(ImageFile& image) {
    std::unique_ptr<UringStore> store(new UringStore);
    int error = ::io_uring_queue_init(kDepth, &store->ring_, 0);
    if (error < 0) return fail(errno_error(-error, "no io_uring"));
    store->has_ring_ = true;
    NYX_ASSIGN(store->completed_, EventFd::create());
    error = ::io_uring_register_eventfd(&store->ring_, store->completed_.get());
    if (error < 0) return fail(errno_error(-error, "io_uring_register_eventfd"));
    store->image_ = std::move(image);
    return store;
}

UringStore::~UringStore() {
    drain();
    if (has_ring_) ::io_uring_queue_exit(&ring_);
}

void UringStore::submit(BlockRequest request) {
    auto job = std::make_unique<Job>();
    job->offset = request.offset;
    for (std::span<std::uint8_t> buffer : request.buffers) job->rest.push_back({buffer.data(), buffer.size()});
    job->request = std::move(request);
    if (under_way_ < kDepth) {
        start(std::move(job));
    } else {
        waiting_.push_back(std::move(job));
    }
}

void UringStore::start(std::unique_ptr<Job> job) {
    using Kind = BlockRequest::Kind;
    io_uring_sqe* entry = ::io_uring_get_sqe(&ring_);
    NYX_CHECK(entry != nullptr, "{} requests are under way", under_way_);
    const int fd = image_.fd.get();
    const BlockRequest& request = job->request;
    const auto pieces = static_cast<unsigned>(std::min<std::size_t>(job->rest.size(), IOV_MAX));
    switch (request.kind) {
        case Kind::kRead:
            ::io_uring_prep_readv(entry, fd, job->rest.data(), pieces, job->offset);
            break;
        case Kind::kWrite:
            ::io_uring_prep_writev(entry, fd, job->rest.data(), pieces, job->offset);
            break;
        case Kind::kFlush:
            ::io_uring_prep_fsync(entry, fd, IORING_FSYNC_DATASYNC);
            break;
        case Kind::kDiscard:
        case Kind::kWriteZeroes: {
            const bool hole = request.kind == Kind::kDiscard || request.unmap;
            ::io_uring_prep_fallocate(entry, fd,
                                      (hole ? FALLOC_FL_PUNCH_HOLE : FALLOC_FL_ZERO_RANGE) | FALLOC_FL_KEEP_SIZE,
                                      static_cast<off_t>(request.offset), static_cast<off_t>(request.size));
            break;
        }
    }
    ::io_uring_sqe_set_data(entry, job.release());
    ++under_way_;
    int submitted = 0;
    do submitted = ::io_uring_submit(&ring_);
    while (submitted == -EINTR || submitted == -EAGAIN || submitted == -EBUSY);
    NYX_CHECK(submitted == 1, "io_uring_submit: {}", submitted);
}

void UringStore::poll() {
    completed_.take();
    reap();
}

void UringStore::reap() {
    io_uring_cqe* entry = nullptr;
    while (::io_uring_peek_cqe(&ring_, &entry) == 0) {
        std::unique_ptr<Job> job(static_cast<Job*>(::io_uring_cqe_get_data(entry)));
        const int result = entry->res;
        ::io_uring_cqe_seen(&ring_, entry);
        --under_way_;
        completed(std::move(job), result);
    }
    while (!waiting_.empty() && under_way_ < kDepth) {
        std::unique_ptr<Job> next = std::move(waiting_.front());
        waiting_.pop_front();
        start(std::move(next));
    }
}

void UringStore::drain() {
    while (under_way_ > 0 || !waiting_.empty()) {
        io_uring_cqe* entry = nullptr;
        int error = ::io_uring_wait_cqe(&ring_, &entry);
        NYX_CHECK(error == 0 || error == -EINTR, "io_uring_wait_cqe: {}", error);
        reap();
    }
}

void UringStore::completed(std::unique_ptr<Job> job, int result) {
    using Kind = BlockRequest::Kind;
    const bool is_transfer = job->request.kind == Kind::kRead || job->request.kind == Kind::kWrite;
    if (result == -EINTR || result == -EAGAIN) return start(std::move(job));
    if (result < 0 && is_transfer) return finish(std::move(job), -result);
    if (result < 0 && (result == -EOPNOTSUPP || result == -EINVAL || result == -ENODEV)) {
        int error = do_now(image_, job->request);
        return finish(std::move(job), error);
    }
    if (result < 0) return finish(std::move(job), -result);
    if (!is_transfer) return finish(std::move(job), 0);
    if (result == 0) return finish(std::move(job), EIO);  // the file became shorter
    if (advance(*job, static_cast<std::size_t>(result))) return finish(std::move(job), 0);
    start(std::move(job));
}

// True: all of it is done.
bool UringStore::advance(Job& job, std::size_t done) {
    job.offset += done;
    auto piece = job.rest.begin();
    for (; piece != job.rest.end() && piece->iov_len <= done; ++piece) done -= piece->iov_len;
    job.rest.erase(job.rest.begin(), piece);
    if (job.rest.empty()) return true;
    job.rest.front().iov_base = static_cast<std::uint8_t*>(job.rest.front().iov_base) + done;
    job.rest.front().iov_len -= done;
    return false;
}

void UringStore::finish(std::unique_ptr<Job> job, int error) {
    if (error != 0) report_failure(image_, job->request, error);
    job->request.done(error);
}

}  // namespace nyx::dev

// An image whose requests the kernel does while the guest runs: one io_uring, whose completions an eventfd announces.
//
// At most kDepth requests are in the kernel; further ones wait here. Reads and writes that come back short go on where
// they stopped. What no ring can do (a file system without holes) is done at once instead.
#pragma once

#include <liburing.h>

#include <deque>
#include <memory>
#include <vector>

#include "devices/storage/image_file.h"
#include "runtime/base/event_fd.h"

namespace nyx::dev {

class UringStore final : public BlockStore {
  public:
    static constexpr unsigned kDepth = 64;

    // Takes the image, or leaves it where it is when the host has no io_uring for us.
    static Result<std::unique_ptr<UringStore>> create(ImageFile& image);
    UringStore(const UringStore&) = delete;
    UringStore& operator=(const UringStore&) = delete;
    ~UringStore() override;

    std::uint64_t size() const override { return image_.size; }
    bool read_only() const override { return image_.read_only; }
    void submit(BlockRequest request) override;
    int fd() const override { return completed_.get(); }
    void poll() override;
    void drain() override;

  private:
    struct Job {
        BlockRequest request;
        std::vector<iovec> rest;  // of a read or write: what is still to do
        std::uint64_t offset = 0;
    };

    UringStore() = default;
    // Gives it to the kernel. The queue has room: no more than kDepth are under way.
    void start(std::unique_ptr<Job> job);
    void reap();
    void completed(std::unique_ptr<Job> job, int result);
    static bool advance(Job& job, std::size_t done);
    void finish(std::unique_ptr<Job> job, int error);

    ImageFile image_;
    io_uring ring_{};
    bool has_ring_ = false;
    EventFd completed_;
    unsigned under_way_ = 0;
    std::deque<std::unique_ptr<Job>> waiting_;
};

}  // namespace nyx::dev

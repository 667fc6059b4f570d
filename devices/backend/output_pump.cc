#include "devices/backend/output_pump.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace nyx::dev {

// Short enough that stopping is prompt, and that a pipe which polls writable takes it whole (PIPE_BUF).
static constexpr int kSliceMs = 50;
static constexpr std::size_t kMaxWrite = 4096;

OutputPump::OutputPump(int fd, std::size_t capacity, std::chrono::milliseconds patience)
    : fd_(fd), capacity_(capacity), patience_(patience), progress_(std::chrono::steady_clock::now()), thread_([this] {
          run();
      }) {}

OutputPump::~OutputPump() {
    {
        std::lock_guard guard(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void OutputPump::write(std::span<const std::uint8_t> bytes) {
    std::unique_lock lock(mutex_);
    while (!bytes.empty()) {
        std::size_t pending = waiting_.size() + in_flight_;
        if (pending == 0) progress_ = std::chrono::steady_clock::now();
        std::size_t part = std::min(bytes.size(), capacity_ - pending);
        waiting_.insert(waiting_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(part));
        bytes = bytes.subspan(part);
        if (part > 0) changed_.notify_all();
        if (bytes.empty()) return;
        if (gone(std::chrono::steady_clock::now())) {
            dropped_.fetch_add(bytes.size(), std::memory_order_relaxed);
            return;
        }
        changed_.wait_until(lock, progress_ + patience_);
    }
}

std::size_t OutputPump::write_some(std::span<const std::uint8_t> bytes) {
    pollfd ready{fd_, POLLOUT, 0};
    if (::poll(&ready, 1, kSliceMs) <= 0) return 0;
    if (ready.revents & POLLOUT) {
        ssize_t count = ::write(fd_, bytes.data(), std::min(bytes.size(), kMaxWrite));
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno == EAGAIN || errno == EINTR) return 0;
    }
    std::lock_guard guard(mutex_);
    broken_ = true;
    return 0;
}

void OutputPump::run() {
    // A closed pipe is an error to see here, not a signal to the program; other signals are for other threads too.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    Bytes batch;
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        batch.clear();
        batch.swap(waiting_);
        in_flight_ = batch.size();
        while (in_flight_ > 0) {
            std::span<const std::uint8_t> rest = std::span<const std::uint8_t>(batch).last(in_flight_);
            lock.unlock();
            std::size_t count = write_some(rest);
            lock.lock();
            in_flight_ -= count;
            Time now = std::chrono::steady_clock::now();
            if (count > 0) progress_ = now;
            bool give_up = broken_ || (stopping_ && gone(now));
            if (give_up) dropped_.fetch_add(std::exchange(in_flight_, 0), std::memory_order_relaxed);
            changed_.notify_all();
        }
    }
}

}  // namespace nyx::dev

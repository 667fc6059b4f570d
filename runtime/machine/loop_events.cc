#include "runtime/machine/loop_events.h"

#include "runtime/base/check.h"

namespace nyx::vm {
namespace {

class LoopWatch final : public dev::HostEvents::Watch {
  public:
    LoopWatch(EventLoop& loop, int fd) : loop_(loop), fd_(fd) {}
    LoopWatch(const LoopWatch&) = delete;
    LoopWatch& operator=(const LoopWatch&) = delete;
    ~LoopWatch() override { loop_.remove(fd_); }

  private:
    EventLoop& loop_;
    int fd_;
};

}  // namespace

std::unique_ptr<dev::HostEvents::Watch> LoopEvents::watch(int fd, std::function<void()> ready) {
    Status added = loop_.add(fd, [&slot = slot_, ready = std::move(ready)] {
        std::lock_guard guard(slot.lock);
        slot.gate.enter(nullptr);
        ready();
    });
    NYX_CHECK(added, "{}", added.error().message);
    return std::make_unique<LoopWatch>(loop_, fd);
}

}  // namespace nyx::vm

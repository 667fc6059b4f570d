#include "runtime/machine/doorbells.h"

#include "runtime/machine/address_space.h"

namespace nyx::vm {

Result<int> DoorbellSet::add(const dev::Doorbell& doorbell) {
    NYX_ASSIGN(EventFd event, EventFd::create());
    bells_.push_back({doorbell, std::move(event)});
    return bells_.back().event.get();
}

std::vector<int> DoorbellSet::events() const {
    std::vector<int> all;
    for (const Bell& bell : bells_) all.push_back(bell.event.get());
    return all;
}

// A doorbell without a value stands for writes of any: its handler does not look.
void DoorbellSet::ring() {
    for (const Bell& bell : bells_) {
        const dev::Access& access = bell.doorbell.access;
        for (std::uint64_t times = bell.event.take(); times > 0; --times) {
            counters_.count_shared(counter_of(slot_, access, true));
            slot_.device->write(access, bell.doorbell.value.value_or(0));
        }
    }
}

}  // namespace nyx::vm

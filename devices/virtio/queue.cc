#include "devices/virtio/queue.h"

#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <utility>

#include "runtime/base/bytes.h"
#include "runtime/base/check.h"
#include "runtime/base/fence.h"

namespace nyx::dev::virtio {
namespace {

static_assert(std::endian::native == std::endian::little, "rings are little-endian and shared with the guest");

// The other side may write at any moment; the places are aligned because the rings are.
std::uint16_t load_acquire(const std::uint8_t* at) {
    return __atomic_load_n(reinterpret_cast<const std::uint16_t*>(at), __ATOMIC_ACQUIRE);
}

void store_release(std::uint8_t* at, std::uint16_t value) {
    __atomic_store_n(reinterpret_cast<std::uint16_t*>(at), value, __ATOMIC_RELEASE);
}

}  // namespace

// What is collected while one chain is followed.
struct Queue::Walk {
    Chain chain;
    std::uint32_t descriptors = 0;  // with those of indirect tables
    std::uint64_t bytes = 0;
    bool is_indirect = false;  // in an indirect table, wherever that lies: also in the queue's own
};

void Queue::reset() {
    disable();
    state_ = {};
    state_.size = max_size_;
    fault_ = {};
}

void Queue::disable() {
    state_.ready = false;
    under_way_ = 0;
    descriptors_ = available_ = used_ = {};
}

std::optional<std::span<std::uint8_t>> Queue::ring(std::uint64_t gpa, std::uint64_t size,
                                                   std::uint64_t alignment) const {
    if (gpa % alignment != 0) return std::nullopt;
    return dma_->memory().host_range(gpa, size);
}

Status Queue::enable(std::uint64_t features) {
    disable();
    const std::uint64_t n = state_.size;
    if (n == 0 || n > max_size_ || !std::has_single_bit(n))
        return fail(ErrorCode::kInvalidArgument, "a queue of {} elements", n);
    // §2.7: alignments and sizes, with the event indices, which are there whether they are used or not.
    auto descriptors = ring(state_.descriptors, n * kDescriptorSize, 16);
    auto available = ring(state_.driver, kRingHeader + n * kAvailElement + kEventSize, 2);
    auto used = ring(state_.device, kRingHeader + n * kUsedElement + kEventSize, 4);
    if (!descriptors || !available || !used)
        return fail(ErrorCode::kInvalidArgument, "rings at {:#x}, {:#x} and {:#x} are not aligned in RAM",
                    state_.descriptors, state_.driver, state_.device);
    descriptors_ = *descriptors;
    available_ = *available;
    used_ = *used;
    event_idx_ = (features & kFEventIdx) != 0;
    indirect_ = (features & kFIndirectDesc) != 0;
    state_.ready = true;
    return {};
}

bool Queue::broken(std::string_view why) {
    fault_ = why;
    return false;
}

// The driver may be far ahead of us, but by no more than the queue has elements (§2.7.13.3.1).
bool Queue::has_available() {
    auto ahead = static_cast<std::uint16_t>(load_acquire(&available_[2]) - state_.next_available);
    if (ahead > state_.size) return broken("the available index is further ahead than the queue is long");
    return ahead != 0;
}

// avail_event (§2.7.7.1): at the next buffer, ask again.
void Queue::ask_for_notification() {
    if (!event_idx_) return;
    const std::size_t at = kRingHeader + state_.size * kUsedElement;
    store_release(&used_[at], state_.next_available);
    dma_->wrote({state_.device + at, kEventSize});
    full_fence();
}

std::optional<Chain> Queue::take() {
    if (!state_.ready || !fault_.empty()) return std::nullopt;
    if (!has_available()) {
        if (!fault_.empty()) return std::nullopt;
        ask_for_notification();
        // What the driver added before it saw the wish has no notification.
        if (!has_available()) return std::nullopt;
    }
    const std::size_t slot = state_.next_available % state_.size;
    const std::uint16_t head = load_acquire(&available_[kRingHeader + slot * kAvailElement]);
    Walk walk;
    walk.chain.head = head;
    if (under_way_ >= state_.size) {
        broken("more buffers are available than the queue has elements");
        return std::nullopt;
    }
    if (head >= state_.size) {
        broken("the available ring names a descriptor that is not there");
        return std::nullopt;
    }
    if (!walk_table(descriptors_, head, walk)) return std::nullopt;
    ++state_.next_available;
    ++under_way_;
    return std::move(walk.chain);
}

Queue::Descriptor Queue::descriptor(std::span<const std::uint8_t> table, std::size_t index) {
    std::array<std::uint8_t, kDescriptorSize> copy;
    std::memcpy(copy.data(), &table[index * kDescriptorSize], copy.size());
    // From here on it is ours: the compiler may not look at the guest's bytes again.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    return {load_le<std::uint64_t>(copy.data()), load_le<std::uint32_t>(&copy[8]), load_le<std::uint16_t>(&copy[12]),
            load_le<std::uint16_t>(&copy[14])};
}

// Ends: no chain has more descriptors than the queue (§2.7.5), and so no loop goes on.
bool Queue::walk_table(std::span<const std::uint8_t> table, std::size_t index, Walk& walk) {
    const std::size_t count = table.size() / kDescriptorSize;
    for (;;) {
        const Descriptor one = descriptor(table, index);
        if (++walk.descriptors > state_.size) return broken("a chain has more descriptors than the queue");
        if ((one.flags & kDescIndirect) != 0) {
            if (walk.is_indirect) return broken("an indirect table names another");
            return walk_indirect(one, walk);
        }
        if (!add(one, walk)) return false;
        if ((one.flags & kDescNext) == 0) return true;
        if (one.next >= count) return broken("a descriptor names a next one that is not there");
        index = one.next;
    }
}

// §2.7.5.3. Its descriptor is the last of the ones in the queue.
bool Queue::walk_indirect(const Descriptor& table, Walk& walk) {
    if (!indirect_) return broken("an indirect descriptor, which was not negotiated");
    if ((table.flags & kDescNext) != 0) return broken("an indirect descriptor has a next one");
    if (table.length == 0 || table.length % kDescriptorSize != 0)
        return broken("an indirect table is not made of descriptors");
    auto bytes = dma_->memory().host_range(table.address, table.length);
    if (!bytes) return broken("an indirect table is not in RAM");
    --walk.descriptors;  // it is no buffer itself
    walk.is_indirect = true;
    return walk_table(*bytes, 0, walk);
}

bool Queue::add(const Descriptor& one, Walk& walk) {
    const bool is_writable = (one.flags & kDescWrite) != 0;
    if (!is_writable && !walk.chain.writable.empty())
        return broken("a descriptor to read stands behind one to write");  // §2.7.4.2
    walk.bytes += one.length;
    if (walk.bytes > std::uint64_t{1} << 32) return broken("a chain has more than 4 GiB");  // §2.7.5.2
    if (one.length == 0) return true;
    auto bytes = dma_->memory().host_range(one.address, one.length);
    if (!bytes) return broken("a buffer is not in RAM");
    (is_writable ? walk.chain.writable : walk.chain.readable).push_back({one.address, *bytes});
    return true;
}

void Queue::give_back(const Chain& chain, std::uint32_t written) {
    if (!state_.ready) return;
    if (under_way_ > 0) --under_way_;
    const std::size_t at = kRingHeader + state_.next_used % state_.size * kUsedElement;
    store_le<std::uint32_t>(&used_[at], chain.head);
    store_le<std::uint32_t>(&used_[at + 4], written);
    dma_->wrote({state_.device + at, kUsedElement});
    store_release(&used_[2], ++state_.next_used);
    dma_->wrote({state_.device + 2, 2});
}

// §2.7.7.2
bool Queue::wants_interrupt() {
    if (!state_.ready || state_.next_used == state_.signalled_used) return false;
    full_fence();
    const std::uint16_t before = std::exchange(state_.signalled_used, state_.next_used);
    if (!event_idx_) return (load_acquire(available_.data()) & kAvailNoInterrupt) == 0;
    const std::uint16_t wanted = load_acquire(&available_[kRingHeader + state_.size * kAvailElement]);
    const auto since_wanted = static_cast<std::uint16_t>(state_.next_used - wanted - 1);
    return since_wanted < static_cast<std::uint16_t>(state_.next_used - before);
}

}  // namespace nyx::dev::virtio

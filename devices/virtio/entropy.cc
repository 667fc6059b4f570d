#include "devices/virtio/entropy.h"

#include <algorithm>
#include <array>

namespace nyx::dev::virtio {
namespace {

constexpr std::uint16_t kQueueSizes[] = {8};
// A buffer may be filled in part (§5.4.6.2); nobody waits for a gibibyte of it.
constexpr std::uint64_t kMost = 4096;

}  // namespace

std::span<const std::uint16_t> Entropy::queue_sizes() const {
    return kQueueSizes;
}

void Entropy::notified(std::uint16_t) {
    while (std::optional<Chain> chain = transport().take(0)) {
        std::array<std::uint8_t, kMost> bytes;
        auto wanted = std::span(bytes).first(std::min<std::uint64_t>(kMost, size_of(chain->writable)));
        fill_(wanted);
        copy_in(chain->writable, 0, wanted, transport().dma());
        transport().give_back(0, *chain, static_cast<std::uint32_t>(wanted.size()));
    }
    transport().signal(0);
}

}  // namespace nyx::dev::virtio

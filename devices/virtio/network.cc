#include "devices/virtio/network.h"

#include <algorithm>

#include "runtime/base/bytes.h"

namespace nyx::dev::virtio {
namespace {

constexpr std::uint16_t kReceive = 0, kTransmit = 1;  // §5.1.2
constexpr std::uint16_t kQueueSizes[] = {256, 256};
// §5.1.3
constexpr std::uint64_t kFMac = 1 << 5, kFMergeableBuffers = 1 << 15, kFStatus = 1 << 16;
// §5.1.4
constexpr std::uint32_t kStatusAt = 6;
constexpr std::uint8_t kLinkUp = 1;
constexpr ConfigField kFields[] = {{"mac_0_3", 0, 4}, {"mac_4_5", 4, 2}, {"link_status", kStatusAt, 2}};
// struct virtio_net_hdr (§5.1.6), of which only num_buffers is not 0 here.
constexpr std::size_t kHeader = 12;
constexpr std::size_t kNumBuffersAt = 10;

}  // namespace

Network::Network(const MacAddress& mac, NetworkLink* link, HostEvents* events) : link_(link) {
    std::ranges::copy(mac, config_space_.begin());
    config_space_[kStatusAt] = link != nullptr ? kLinkUp : 0;
    if (link_ == nullptr || events == nullptr) return;
    watch_ = events->watch(link_->fd(), [this] {
        link_->poll();
        deliver();
    });
}

std::uint64_t Network::features() const {
    return kFMac | kFMergeableBuffers | kFStatus;
}

std::span<const std::uint16_t> Network::queue_sizes() const {
    return kQueueSizes;
}

std::span<const ConfigField> Network::config_fields() const {
    return kFields;
}

void Network::notified(std::uint16_t index) {
    if (index == kTransmit) transmit();
    deliver();  // there are new buffers, or the link has answered at once
}

void Network::transmit() {
    std::array<std::uint8_t, kHeader + NetworkLink::kMaxFrame> packet;
    while (std::optional<Chain> chain = transport().take(kTransmit)) {
        const std::size_t size = copy_out(chain->readable, packet);
        if (size < kHeader) return transport().needs_reset("a packet without a header");
        // A frame that no wire carries is lost on this one too.
        const bool fits = size_of(chain->readable) == size;
        if (link_ != nullptr && fits && size > kHeader) link_->send(std::span(packet).first(size).subspan(kHeader));
        transport().give_back(kTransmit, *chain, 0);
    }
    transport().signal(kTransmit);
}

void Network::deliver() {
    if (link_ == nullptr) return;
    bool any = false;
    for (auto frame = link_->front(); !frame.empty(); frame = link_->front()) {
        // Without a driver nobody listens: the frame is gone, as on a wire.
        if (transport().runs() && !receive(frame)) break;
        any = true;
        link_->pop();
    }
    if (any) transport().signal(kReceive);
}

bool Network::receive(std::span<const std::uint8_t> frame) {
    const std::uint64_t needed = kHeader + frame.size();
    const bool mergeable = transport().has(kFMergeableBuffers);
    std::vector<Chain> chains;
    std::uint64_t room = 0;
    while (room < needed && (mergeable || chains.empty())) {
        std::optional<Chain> chain = transport().take(kReceive);
        if (!chain) break;
        room += size_of(chain->writable);
        chains.push_back(std::move(*chain));
    }
    if (room >= needed) {
        fill(chains, frame);
        return true;
    }
    if (!transport().runs()) return true;
    // §5.1.6.3.1: without merging, a buffer holds any frame.
    if (!chains.empty() && !mergeable) {
        transport().needs_reset("a receive buffer is shorter than a frame");
        return true;
    }
    transport().put_back(kReceive, chains.size());
    return false;
}

void Network::fill(std::span<const Chain> chains, std::span<const std::uint8_t> frame) {
    std::array<std::uint8_t, kHeader> header{};
    store_le<std::uint16_t>(&header[kNumBuffersAt], static_cast<std::uint16_t>(chains.size()));
    std::span<const std::uint8_t> head = header;
    for (const Chain& chain : chains) {
        const std::size_t of_header = copy_in(chain.writable, 0, head, transport().dma());
        const std::size_t of_frame = copy_in(chain.writable, of_header, frame, transport().dma());
        head = head.subspan(of_header);
        frame = frame.subspan(of_frame);
        transport().give_back(kReceive, chain, static_cast<std::uint32_t>(of_header + of_frame));
    }
}

}  // namespace nyx::dev::virtio

#include "devices/virtio/console.h"

namespace nyx::dev::virtio {
namespace {

constexpr std::uint16_t kReceive = 0, kTransmit = 1;  // §5.3.2
constexpr std::uint16_t kQueueSizes[] = {64, 64};
constexpr std::uint64_t kFEmergencyWrite = 1 << 2;  // §5.3.3
// §5.3.4. The size and the number of ports count only with features that are not offered.
constexpr std::uint32_t kEmergencyAt = 8;
constexpr ConfigField kFields[] = {
    {"cols", 0, 2}, {"rows", 2, 2}, {"max_nr_ports", 4, 4}, {"emerg_wr", kEmergencyAt, 4, true}};

}  // namespace

std::uint64_t Console::features() const {
    return kFEmergencyWrite;
}

std::span<const std::uint16_t> Console::queue_sizes() const {
    return kQueueSizes;
}

std::span<const ConfigField> Console::config_fields() const {
    return kFields;
}

// A character before there are queues.
void Console::write_config(std::uint32_t offset, std::uint8_t value) {
    if (offset == kEmergencyAt) output_.write({&value, 1});
}

void Console::notified(std::uint16_t index) {
    if (index == kTransmit) return transmit();
    if (input_room_) input_room_();
}

void Console::transmit() {
    while (std::optional<Chain> chain = transport().take(kTransmit)) {
        for (const Piece& piece : chain->readable) output_.write(piece.bytes);
        transport().give_back(kTransmit, *chain, 0);
    }
    transport().signal(kTransmit);
}

std::size_t Console::receive(std::span<const std::uint8_t> bytes) {
    std::size_t taken = 0;
    while (taken < bytes.size()) {
        std::optional<Chain> chain = transport().take(kReceive);
        if (!chain) break;
        std::size_t part = copy_in(chain->writable, 0, bytes.subspan(taken), transport().dma());
        transport().give_back(kReceive, *chain, static_cast<std::uint32_t>(part));
        taken += part;
    }
    if (taken > 0) transport().signal(kReceive);
    return taken;
}

}  // namespace nyx::dev::virtio

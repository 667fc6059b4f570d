#include "devices/companions/firmware_config.h"

#include <algorithm>

namespace nyx::dev::companions {

Status FirmwareConfig::join(described::Described& device) {
    const ir::Program& program = device.program();
    NYX_ASSIGN(ports_.from, sink_of(program, "from", 64));
    NYX_ASSIGN(ports_.own, sink_of(program, "own", 64));
    NYX_ASSIGN(ports_.to, sink_of(program, "to", 64));
    NYX_ASSIGN(ports_.store, sink_of(program, "store", 32));
    NYX_ASSIGN(ports_.byte, query_of(program, "byte", 64, 8));
    NYX_ASSIGN(ports_.word, query_of(program, "word", 64, 32));
    NYX_ASSIGN(ports_.copy, query_of(program, "copy", 32, 8));
    if (!image_.empty()) {
        NYX_ASSIGN(items_, plan::FwCfgItems::read(image_));
    }
    return {};
}

void FirmwareConfig::take(std::uint32_t sink, std::uint64_t value) {
    if (sink == ports_.from) from_ = value;
    if (sink == ports_.own) own_ = value;
    if (sink == ports_.to) to_ = value;
    if (sink == ports_.store) store(static_cast<std::uint32_t>(value));
}

std::uint64_t FirmwareConfig::reply(std::uint32_t query, std::uint64_t about) {
    if (query == ports_.byte) return byte_at(about);
    if (query == ports_.word) return word_at(about);
    return copy(about) ? 0 : 1;
}

// place: the item's key, and the byte in it. Behind the last byte are zeros.
std::uint64_t FirmwareConfig::byte_at(std::uint64_t place) const {
    const ByteView item = items_.item(static_cast<std::uint16_t>(place >> 32));
    const auto at = static_cast<std::uint32_t>(place);
    return at < item.size() ? item[at] : 0;
}

// Ones where the guest has no memory.
std::uint64_t FirmwareConfig::word_at(std::uint64_t address) const {
    if (memory_ == nullptr) return ~std::uint64_t{0};
    const auto word = memory_->memory().read_value<std::uint32_t>(address);
    return word ? *word : ~std::uint64_t{0};
}

// All of it or, where some of it is no memory, nothing.
bool FirmwareConfig::copy(std::uint64_t length) const {
    if (length == 0) return true;
    if (memory_ == nullptr || !memory_->memory().contains(to_, length)) return false;
    std::array<std::uint8_t, 8> own{};
    store_le(own.data(), own_);
    ByteView item = items_.item(static_cast<std::uint16_t>(from_ >> 32));
    if (item.empty()) item = own;
    item = item.subspan(std::min<std::size_t>(static_cast<std::uint32_t>(from_), item.size()));
    item = item.first(std::min<std::size_t>(item.size(), length));
    const bool done =
        memory_->memory().write(to_, item) && memory_->memory().zero(to_ + item.size(), length - item.size());
    memory_->wrote({to_, length});
    return done;
}

void FirmwareConfig::store(std::uint32_t word) const {
    if (memory_ == nullptr || !memory_->memory().write_value(to_, word)) return;
    memory_->wrote({to_, sizeof(word)});
}

}  // namespace nyx::dev::companions

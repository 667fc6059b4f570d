#include "devices/companions/pci_bus.h"

#include <mutex>

namespace nyx::dev::companions {

// It has these two ports and no others.
Status PciBus::join(described::Described& device) {
    NYX_TRY(query_of(device.program(), "config", 32, 32));
    NYX_TRY(sink_of(device.program(), "stored", 64));
    const bool has_more = device.program().queries.size() != 1 || device.program().sinks.size() != 1;
    return has_more ? Status(fail(ErrorCode::kInvalidArgument, "its program 'pci' has ports that nobody knows"))
                    : Status{};
}

bool PciBus::attach(std::uint32_t slot, PciFunction& function, FunctionLock& lock) {
    if (slot == 0 || slot >= kSlots || slots_.at(slot).function != nullptr) return false;
    slots_.at(slot) = {&function, &lock};
    return true;
}

// A program may come with a bundle, so it is held to what it should say.
PciBus::Place PciBus::place_of(std::uint64_t word) {
    Place place{static_cast<std::uint32_t>(word >> 16) % kSlots, static_cast<std::uint32_t>(word & 0xFFF),
                static_cast<unsigned>(word >> 12 & 7)};
    if (place.bytes != 2 && place.bytes != 4) place.bytes = 1;
    place.offset -= place.offset % place.bytes;
    return place;
}

std::uint64_t PciBus::reply(std::uint32_t, std::uint64_t word) {
    const Place place = place_of(word);
    const Attached& attached = slots_.at(place.slot);
    if (attached.function == nullptr) return ~std::uint64_t{0};
    const std::lock_guard guard(*attached.lock);
    return attached.function->read_config(place.offset, place.bytes);
}

void PciBus::take(std::uint32_t, std::uint64_t value) {
    const Place place = place_of(value >> 32);
    const Attached& attached = slots_.at(place.slot);
    if (attached.function == nullptr) return;
    const std::lock_guard guard(*attached.lock);
    attached.function->write_config(place.offset, place.bytes, static_cast<std::uint32_t>(value));
}

}  // namespace nyx::dev::companions

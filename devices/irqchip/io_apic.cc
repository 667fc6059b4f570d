#include "devices/irqchip/io_apic.h"

#include "devices/irqchip/packed.h"
#include "runtime/base/check.h"

namespace nyx::dev::irqchip {

static bool is_level(std::uint64_t entry) {
    return (entry & kRedLevel) && has_vector(delivery_mode(entry));
}

static ApicMessage message_of(std::uint64_t entry) {
    return {
        .destination = static_cast<std::uint32_t>(entry >> kRedDestinationShift),
        .logical = (entry & kRedLogical) != 0,
        .wide = false,
        .mode = delivery_mode(entry),
        .vector = static_cast<std::uint8_t>(entry),
        .level = is_level(entry),
    };
}

void IoApic::reset() {
    std::uint32_t inputs = state_.inputs;
    state_ = {};
    state_.inputs = inputs;
    state_.entries.fill(kRedMasked);
}

bool IoApic::level_waits(unsigned pin) const {
    std::uint64_t entry = state_.entries[pin];
    return asserted(pin) && is_level(entry) && !(entry & (kRedMasked | kRedRemoteIrr));
}

// Remote IRR is set first: a local APIC may end the interrupt before deliver() returns.
void IoApic::send_level(unsigned pin) {
    if (!level_waits(pin)) return;
    ApicMessage message = message_of(state_.entries[pin]);
    state_.entries[pin] |= kRedRemoteIrr;
    if (!bus_.deliver(message)) state_.entries[pin] &= ~kRedRemoteIrr;
}

void IoApic::set_irq(unsigned pin, bool now) {
    NYX_CHECK(pin < kIoApicPins, "I/O APIC input {}", pin);
    bool was = asserted(pin);
    state_.inputs = (state_.inputs & ~(1U << pin)) | (now ? 1U << pin : 0);
    std::uint64_t entry = state_.entries[pin];
    if (is_level(entry)) {
        send_level(pin);
    } else if (now && !was && !(entry & kRedMasked)) {
        bus_.deliver(message_of(entry));
    }
}

void IoApic::eoi(std::uint8_t vector) {
    for (unsigned pin = 0; pin < kIoApicPins; ++pin) {
        std::uint64_t& entry = state_.entries[pin];
        if (static_cast<std::uint8_t>(entry) != vector || !(entry & kRedRemoteIrr)) continue;
        entry &= ~kRedRemoteIrr;
        send_level(pin);
    }
}

// An entry that becomes edge-triggered forgets its remote IRR; software without the EOI register ends an interrupt so.
void IoApic::write_entry(unsigned pin, std::uint64_t value) {
    std::uint64_t& entry = state_.entries[pin];
    entry = (value & kRedWritable) | (entry & kRedRemoteIrr);
    if (!is_level(entry)) entry &= ~kRedRemoteIrr;
    send_level(pin);
}

std::uint64_t IoApic::entry(unsigned pin) const {
    return state_.entries[pin] | (level_waits(pin) ? kRedSendPending : 0);
}

std::uint32_t IoApic::read_register(std::uint8_t index) const {
    switch (index) {
        case kIoApicId:
        case kIoApicArbitration:  // "loaded when the ID is written"
            return state_.id;
        case kIoApicVersion:
            return kIoApicVersionValue;
        default:
            break;
    }
    unsigned half = index - kIoRedTable;
    if (index < kIoRedTable || half >= 2 * kIoApicPins) return 0;
    return static_cast<std::uint32_t>(half % 2 ? entry(half / 2) >> 32 : entry(half / 2));
}

void IoApic::write_register(std::uint8_t index, std::uint32_t value) {
    if (index == kIoApicId) state_.id = value & kIoApicIdMask;
    unsigned half = index - kIoRedTable;
    if (index < kIoRedTable || half >= 2 * kIoApicPins) return;
    std::uint64_t old = state_.entries[half / 2];
    constexpr std::uint64_t kLow = 0xFFFF'FFFF;
    write_entry(half / 2, half % 2 ? (old & kLow) | std::uint64_t{value} << 32 : (old & ~kLow) | value);
}

std::uint32_t IoApic::read(std::uint64_t offset) const {
    switch (offset & 0xF0) {
        case kIoRegSel:
            return state_.select;
        case kIoWin:
            return read_register(state_.select);
        default:
            return 0;
    }
}

void IoApic::write(std::uint64_t offset, std::uint32_t value) {
    switch (offset & 0xF0) {
        case kIoRegSel:
            state_.select = static_cast<std::uint8_t>(value);
            return;
        case kIoWin:
            return write_register(state_.select, value);
        case kIoEoi:
            return eoi(static_cast<std::uint8_t>(value));
        default:
            return;
    }
}

template <class Io, class S>
void IoApic::fields(Io& io, S& state) {
    io.field(1, state.id);
    io.field(2, state.select);
    io.field(3, state.inputs);
}

void IoApic::save(StateWriter& writer) const {
    fields(writer, state_);
    writer.field(4, packed(state_.entries));
}

Status IoApic::restore(StateReader& reader) {
    State next;
    next.entries.fill(kRedMasked);
    auto entries = packed(next.entries);
    fields(reader, next);
    reader.field(4, entries);
    NYX_TRY(reader.finish());
    unpack(entries, next.entries);
    bool fits = !(next.id & ~kIoApicIdMask) && !(next.inputs >> kIoApicPins);
    for (std::uint64_t entry : next.entries) {
        fits = fits && !(entry & ~(kRedWritable | kRedRemoteIrr)) && (is_level(entry) || !(entry & kRedRemoteIrr));
    }
    if (!fits) return fail(ErrorCode::kCorrupt, "saved state: no I/O APIC can be in it");
    state_ = next;
    return {};
}

}  // namespace nyx::dev::irqchip

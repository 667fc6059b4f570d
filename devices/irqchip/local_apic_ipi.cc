// §12.6 "Issuing interprocessor interrupts": the interrupt command register, self IPI, and who a message is for.
#include "devices/irqchip/apic_bus.h"
#include "devices/irqchip/local_apic.h"

namespace nyx::dev::irqchip {

// The destination is all of the high half in x2APIC mode and its top byte in xAPIC mode. An IPI is never
// level-triggered: the bits matter to the INIT level de-assert only, which no processor since the Pentium 4 acts on.
void LocalApic::send_ipi() {
    auto low = static_cast<std::uint32_t>(state_.icr);
    DeliveryMode mode = delivery_mode(low);
    auto vector = static_cast<std::uint8_t>(low);
    bool deassert = mode == DeliveryMode::kInit && (low & kIcrLevel) && !(low & kIcrAssert);
    if (mode == DeliveryMode::kReserved || mode == DeliveryMode::kExtInt || deassert) return;
    if (has_vector(mode) && vector < kFirstLegalVector) return error(kErrorSendIllegalVector);
    ApicMessage message{
        .destination = static_cast<std::uint32_t>(is_x2apic() ? state_.icr >> 32 : state_.icr >> 56),
        .logical = (low & kIcrLogical) != 0,
        .wide = is_x2apic(),
        .mode = mode,
        .vector = vector,
        .level = false,
    };
    switch (static_cast<Shorthand>(low >> kIcrShorthandShift & 3)) {
        case Shorthand::kNone:
            bus_.deliver(message);
            return;
        case Shorthand::kSelf:
            accept(message);
            return;
        case Shorthand::kAll:
            return bus_.broadcast(message, nullptr);
        case Shorthand::kOthers:
            return bus_.broadcast(message, this);
    }
}

// §12.12.11 "SELF IPI register".
void LocalApic::send_self(std::uint8_t vector) {
    if (vector < kFirstLegalVector) return error(kErrorSendIllegalVector);
    request(vector, false);
}

// §12.6.2: physical and logical destinations. All ones of the message's own width means everyone, in either mode.
bool LocalApic::is_addressed_by(const ApicMessage& message) const {
    std::uint32_t destination = message.destination;
    if (destination == (message.wide ? kWideBroadcast : kNarrowBroadcast)) return true;
    if (!message.logical) return destination == config_.id;
    std::uint32_t logical = logical_id();
    if (is_x2apic()) return destination >> 16 == logical >> 16 && (destination & logical & 0xFFFF) != 0;
    if (destination > 0xFF) return false;
    logical >>= 24;
    switch (state_.dfr >> 28) {
        case 0xF:  // flat
            return (destination & logical) != 0;
        case 0x0:  // cluster
            return destination >> 4 == logical >> 4 && (destination & logical & 0xF) != 0;
        default:
            return false;
    }
}

}  // namespace nyx::dev::irqchip

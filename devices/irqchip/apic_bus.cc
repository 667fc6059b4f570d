#include "devices/irqchip/apic_bus.h"

#include <utility>

namespace nyx::dev::irqchip {

ApicBus::ApicBus(Links links, std::span<const LocalApicConfig> processors) : links_(std::move(links)) {
    for (const LocalApicConfig& config : processors)
        apics_.push_back(std::make_unique<LocalApic>(config, *this, count()));
}

// §12.6.2.4 "Lowest priority delivery mode". Who is asked first turns, so that equals share the load.
template <class Chosen>
bool ApicBus::send_to_lowest(const ApicMessage& message, Chosen chosen) {
    LocalApic* winner = nullptr;
    std::uint32_t winner_index = 0;
    for (std::uint32_t i = 1; i <= count(); ++i) {
        std::uint32_t index = (last_winner_ + i) % count();
        LocalApic& apic = *apics_[index];
        if (!apic.takes_vectors() || !chosen(apic)) continue;
        if (winner && winner->arbitration_priority() <= apic.arbitration_priority()) continue;
        winner = &apic;
        winner_index = index;
    }
    if (!winner) return false;
    last_winner_ = winner_index;
    return winner->accept(message);
}

template <class Chosen>
bool ApicBus::send(const ApicMessage& message, Chosen chosen) {
    if (message.mode == DeliveryMode::kLowestPriority) return send_to_lowest(message, chosen);
    bool taken = false;
    for (auto& apic : apics_)
        if (apic->on_bus() && chosen(*apic)) taken = apic->accept(message) || taken;
    return taken;
}

bool ApicBus::deliver(const ApicMessage& message) {
    return send(message, [&](const LocalApic& apic) { return apic.is_addressed_by(message); });
}

void ApicBus::broadcast(const ApicMessage& message, const LocalApic* except) {
    send(message, [&](const LocalApic& apic) { return &apic != except; });
}

void ApicBus::set_lint0(bool asserted) {
    for (auto& apic : apics_) apic->set_lint0(asserted);
}

void ApicBus::set_lint1(bool asserted) {
    for (auto& apic : apics_) apic->set_lint1(asserted);
}

void ApicBus::reset() {
    last_winner_ = 0;
    for (auto& apic : apics_) apic->reset();
}

void ApicBus::save(StateWriter& state) const {
    state.field(1, last_winner_);
}

Status ApicBus::restore(StateReader& state) {
    std::uint32_t last_winner = 0;
    state.field(1, last_winner);
    NYX_TRY(state.finish());
    if (last_winner >= count()) return fail(ErrorCode::kCorrupt, "saved state: there is no processor {}", last_winner);
    last_winner_ = last_winner;
    return {};
}

}  // namespace nyx::dev::irqchip

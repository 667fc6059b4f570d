#include "devices/board/apic_bus.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace nyx::dev::board {

using irqchip::ApicMessage;

// All have an address, too: all ones of the message's width.
void ApicBus::send(std::size_t from, ApicMessage message, unsigned shorthand) {
    if (shorthand >= 2) {
        message.logical = false;
        message.destination = message.wide ? 0xFFFF'FFFF : 0xFF;
    }
    deliver(message, shorthand == 3 ? from : kNobody);
}

void ApicBus::deliver(const ApicMessage& message, std::size_t except) {
    if (message.mode == irqchip::DeliveryMode::kLowestPriority) return deliver_to_lowest(message, except);
    for (std::size_t i = 0; i < processors_.size(); ++i)
        if (i != except && processors_[i]->standing(message).is_addressed) processors_[i]->accept(message);
}

// §12.6.2.4 "Lowest priority delivery mode". Who is asked first turns, so that equals share the load.
void ApicBus::deliver_to_lowest(const ApicMessage& message, std::size_t except) {
    Processor* winner = nullptr;
    unsigned lowest = 0x100;
    const std::size_t count = processors_.size(), after = last_winner_;
    for (std::size_t i = 1; i <= count; ++i) {
        const std::size_t index = (after + i) % count;
        if (index == except) continue;
        const Processor::Standing standing = processors_[index]->standing(message);
        if (!standing.is_addressed || !standing.takes_vectors || standing.arbitration_priority >= lowest) continue;
        winner = processors_[index].get();
        lowest = standing.arbitration_priority;
        last_winner_ = index;
    }
    if (winner != nullptr) winner->accept(message);
}

void ApicBus::set_pin(unsigned pin, bool asserted) {
    for (auto& processor : processors_) processor->set_pin(pin, asserted);
}

void ApicBus::reset() {
    for (auto& processor : processors_) processor->reset();
    last_winner_ = 0;
}

std::vector<StateUnit> ApicBus::save() const {
    std::vector<StateUnit> units;
    for (std::size_t i = 0; i < processors_.size(); ++i)
        std::ranges::move(processors_[i]->save(std::to_string(i)), std::back_inserter(units));
    return units;
}

Status ApicBus::restore(std::span<const StateUnit> units) {
    for (std::size_t i = 0; i < processors_.size(); ++i) NYX_TRY(processors_[i]->restore(std::to_string(i), units));
    return {};
}

bool ApicBus::set_last_winner(std::uint32_t processor) {
    if (processor >= processors_.size()) return false;
    last_winner_ = processor;
    return true;
}

}  // namespace nyx::dev::board

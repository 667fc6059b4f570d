// The local APICs of a machine together: who a message goes to.
//
// Not thread-safe: the board's lock is held.
#pragma once

#include <memory>
#include <vector>

#include "devices/board/processor.h"

namespace nyx::dev::board {

class ApicBus {
  public:
    void add(std::unique_ptr<Processor> processor) { processors_.push_back(std::move(processor)); }
    Processor& at(std::size_t index) { return *processors_[index]; }

    void deliver(const irqchip::ApicMessage& message) { deliver(message, kNobody); }
    // Of one processor's interrupt command register: SDM volume 3 §12.6.1, shorthand 2 is all, 3 all but the sender.
    void send(std::size_t from, irqchip::ApicMessage message, unsigned shorthand);
    // Wired to all of them: pin 0 is LINT0, 1 is LINT1.
    void set_pin(unsigned pin, bool asserted);
    void reset();

    // Units of the processors, and who won last, which is the bus's own.
    std::vector<StateUnit> save() const;
    Status restore(std::span<const StateUnit> units);
    std::uint32_t last_winner() const { return static_cast<std::uint32_t>(last_winner_); }
    // False: there is no such processor.
    bool set_last_winner(std::uint32_t processor);

  private:
    static constexpr std::size_t kNobody = ~std::size_t{0};

    void deliver(const irqchip::ApicMessage& message, std::size_t except);
    void deliver_to_lowest(const irqchip::ApicMessage& message, std::size_t except);

    std::vector<std::unique_ptr<Processor>> processors_;
    std::size_t last_winner_ = 0;  // of an arbitration; equals take turns
};

}  // namespace nyx::dev::board

// A processor's view of its local APIC, behind the board's lock.
#pragma once

#include "devices/board/errands.h"
#include "devices/board/processor.h"
#include "devices/irqchip/processor_interrupts.h"

namespace nyx::dev::board {

// Both outlive it.
class LockedProcessor final : public irqchip::ProcessorInterrupts {
  public:
    LockedProcessor(const Turns& turns, Processor& processor) : turns_(turns), processor_(processor) {}

    std::uint32_t pending() const override { return processor_.pending(); }
    std::optional<std::uint8_t> take_interrupt() override {
        return turns_.run([&] { return processor_.take_interrupt(); });
    }
    bool take_nmi() override {
        return turns_.run([&] { return processor_.take_nmi(); });
    }
    bool take_smi() override {
        return turns_.run([&] { return processor_.take_smi(); });
    }
    bool take_init() override {
        return turns_.run([&] { return processor_.take_init(); });
    }
    std::optional<std::uint8_t> take_start_up() override {
        return turns_.run([&] { return processor_.take_start_up(); });
    }
    bool waits_for_start_up() const override {
        return turns_.run([&] { return processor_.waits_for_start_up(); });
    }
    std::uint8_t cr8() const override {
        return turns_.run([&] { return processor_.cr8(); });
    }
    void set_cr8(std::uint8_t value) override {
        turns_.run([&] { processor_.set_cr8(value); });
    }
    std::optional<std::uint64_t> read_msr(std::uint32_t msr) const override {
        return turns_.run([&] { return processor_.read_msr(msr); });
    }
    bool write_msr(std::uint32_t msr, std::uint64_t value) override {
        return turns_.run([&] { return processor_.write_msr(msr, value); });
    }
    void tsc_moved() override {
        turns_.run([&] { processor_.tsc_moved(); });
    }

  private:
    const Turns& turns_;
    Processor& processor_;
};

}  // namespace nyx::dev::board

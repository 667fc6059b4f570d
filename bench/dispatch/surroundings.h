// What devices of a machine live on when nobody is there, and which devices those are.
#pragma once

#include <memory>

#include "bench/dispatch/board.h"
#include "devices/kit/fakes.h"
#include "runtime/machine/event_loop.h"
#include "runtime/machine/irq_inputs.h"

namespace nyx::bench {

using dev::Space;

struct Surroundings {
    struct Nowhere final : dev::ByteSink {
        void write(std::span<const std::uint8_t>) override {}
    };
    struct NoMessages final : dev::MessageSink {
        void send(std::uint64_t, std::uint32_t) override {}
    };
    struct NoControl final : dev::MachineControl {
        void request_reset(std::string_view) override {}
        void request_power_off(std::string_view) override {}
        void request_exit(int) override {}
        void guest_panicked(bool) override {}
    };
    Nowhere output;
    dev::FakeClock clock;
    dev::TimerQueue timers;
    NoControl control;
    NoMessages messages;
    vm::IrqInputs irqs{[](std::uint32_t, bool) {}};
    dev::GuestMemory memory;
    dev::GuestDma dma{memory};
    std::unique_ptr<vm::EventLoop> loop = std::move(*vm::EventLoop::create());
};

// The device as a class, where there is one; else as nyx has it.
std::unique_ptr<dev::Device> as_class(const Board& board, const plan::DevicePlan& plan,
                                      const dev::Environment& environment);

}  // namespace nyx::bench

// The outside of a device that is only asked questions.
#pragma once

#include "devices/described/interpreter.h"

namespace nyx::device {

class Nowhere final : public dev::described::Surroundings {
    void emit(std::uint32_t, std::uint64_t) override {}
    void arm(std::uint32_t, std::uint64_t) override {}
    void cancel(std::uint32_t) override {}
    bool is_running(std::uint32_t) override { return false; }
    std::uint64_t elapsed(std::uint32_t) override { return 0; }
    std::uint64_t answer(std::uint32_t, std::uint64_t) override { return 0; }
    std::uint64_t wall_time() override { return 0; }
    void ask(dev::ir::Control, std::uint64_t) override {}
};

}  // namespace nyx::device

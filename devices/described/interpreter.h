// Runs the functions of a verified program.
#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include "devices/described/state.h"

namespace nyx::dev::described {

// What handlers do to the outside.
class Surroundings {
  public:
    virtual ~Surroundings() = default;
    virtual void emit(std::uint32_t sink, std::uint64_t value) = 0;
    virtual std::uint64_t answer(std::uint32_t query, std::uint64_t about) = 0;
    virtual void arm(std::uint32_t timer, std::uint64_t ticks) = 0;
    virtual void cancel(std::uint32_t timer) = 0;
    virtual bool is_running(std::uint32_t timer) = 0;
    virtual std::uint64_t elapsed(std::uint32_t timer) = 0;  // ticks; 0 where it does not run
    virtual std::uint64_t wall_time() = 0;                   // ns since 1970-01-01 UTC
    virtual void ask(ir::Control what, std::uint64_t value) = 0;
};

// One for a device: it keeps the temporaries.
class Interpreter {
  public:
    Interpreter(const ir::Program& program, State& state, Surroundings& surroundings);  // which outlive it

    // The value that the function returns, or 0.
    std::uint64_t call(std::uint32_t function, std::span<const std::uint64_t> arguments = {});
    std::uint64_t call(std::uint32_t function, std::initializer_list<std::uint64_t> arguments) {
        return call(function, std::span(arguments.begin(), arguments.size()));
    }
    // Whether a guard holds; kNone always does.
    bool holds(std::uint32_t guard) { return guard == ir::kNone || call(guard) != 0; }

  private:
    // True: a Return was met.
    bool run(std::span<const ir::Instruction> code, std::size_t begin, std::size_t end);
    void step(const ir::Instruction& one);

    const ir::Program& program_;
    State& state_;
    Surroundings& surroundings_;
    std::vector<std::uint64_t> temporaries_;
    std::uint64_t result_ = 0;
};

}  // namespace nyx::dev::described

// What a CPU asks of the machine around it.
//
// Called on the CPU's own thread, in the middle of an instruction, so none of these may run guest code.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace nyx::soft {

class Surroundings {
  public:
    virtual ~Surroundings() = default;

    // IN and OUT; data has 1, 2 or 4 bytes.
    virtual void read_port(std::uint16_t port, std::span<std::uint8_t> data) = 0;
    virtual void write_port(std::uint16_t port, std::span<const std::uint8_t> data) = 0;
    // Guest-physical addresses without memory; data has 1 to 8 bytes, all within one page.
    virtual void read_mmio(std::uint64_t address, std::span<std::uint8_t> data) = 0;
    virtual void write_mmio(std::uint64_t address, std::span<const std::uint8_t> data) = 0;

    // INTA: the vector of the interrupt that the CPU now takes. Nothing: it has gone away.
    virtual std::optional<std::uint8_t> acknowledge_interrupt() = 0;
    // CR8: bits 7 to 4 of the task priority.
    virtual std::uint64_t task_priority() = 0;
    virtual void set_task_priority(std::uint64_t priority) = 0;
    // IA32_APIC_BASE, the x2APIC range and IA32_TSC_DEADLINE. False or nothing: #GP.
    virtual std::optional<std::uint64_t> read_apic_msr(std::uint32_t index) = 0;
    virtual bool write_apic_msr(std::uint32_t index, std::uint64_t value) = 0;

    // RDRAND and RDSEED.
    virtual std::uint64_t random() = 0;
    // The time-stamp counter before the CPU's own offset.
    virtual std::uint64_t tsc() = 0;
};

}  // namespace nyx::soft

#pragma once

#include "runtime/plan/machine_plan.h"

namespace nyx::acpi {

// A machine with power management and one serial line.
inline plan::MachinePlan sample(std::uint32_t cpus = 1) {
    plan::MachinePlan plan;
    plan.name = "sample";
    plan.cpu.count = cpus;
    plan.memory_size = 128 << 20;
    plan.ram = {{{0, 0xA0000}, 0}, {{0xC0000, (128 << 20) - 0xC0000}, 0xC0000}};
    plan.devices = {
        {"com1", "serial", {{0x3F8, 8}}, {}, {4}, {}},
        {"pm", "acpi_pm", {{0x700, 16}, {0xCF9, 1}}, {}, {9}, {}},
    };
    return plan;
}

}  // namespace nyx::acpi

// Random operations of guests and devices on both sides' interrupt controllers.
#pragma once

#include <random>

#include "tests/equivalence/irq_chip_sides.h"

namespace nyx::dev::irqchip {

using Random = std::mt19937_64;

// One of any kind, after which both sides' signals are the same.
void step(Both& both, Random& random);

// irq_chip_msrs.cc: on the registers of a processor's local APIC, by rdmsr and wrmsr.
void change_mode(Both& both, Random& random, std::uint32_t cpu);
void use_msr(Both& both, Random& random, std::uint32_t cpu);
void set_deadline(Both& both, Random& random, std::uint32_t cpu);

}  // namespace nyx::dev::irqchip

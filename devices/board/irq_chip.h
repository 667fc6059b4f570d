// The interrupt controllers and the timer of a PC made of their descriptions (stdlib/models): the 8259As, the I/O APIC,
// the local APICs and the 8254, wired as irqchip/irq_chip.h says. For processors without the TSC deadline. A
// level-triggered message that no local APIC takes is not sent again until its input or its entry changes.
#pragma once

#include <memory>

#include "devices/irqchip/irq_chip.h"

namespace nyx::dev::board {

std::unique_ptr<irqchip::IrqChip> make_irq_chip(const irqchip::IrqChip::Config& config,
                                                const irqchip::IrqChip::Links& links);

}  // namespace nyx::dev::board

// A guest that is interrupted by level, through the I/O APIC and its local APIC.
#pragma once

#include "tests/unit/runtime/machine/guest.h"

namespace nyx::vm {

// `rounds` times it asks a second serial port, on input 17, for an interrupt, whose reason it takes away when it was
// interrupted `times` times for it: 1 as a driver does, more as where a handler ends the interrupt too early. Its
// status is how often it was interrupted in all, modulo 256: rounds * times, and on kvm_pvm up to `rounds` more, for
// there an interrupt of the local APIC is now and then delivered twice to a guest in real mode.
Guest guest_with_level_interrupts(std::uint16_t rounds, std::uint8_t times);

}  // namespace nyx::vm

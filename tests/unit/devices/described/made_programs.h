// Programs as the compiler would make them.
#pragma once

#include "devices/ir/program.h"

namespace nyx::dev::ir {

// A serial port of few registers: RBR and THR share a byte, DLL stands there while LCR.DLAB is set, an interrupt when
// something was received, a receiver of four bytes, an alarm of 1000 ticks after each write to THR.
Program small_uart();
// Every kind of bit in a 32-bit register, an array of registers, and one that counts how often it is read.
Program all_kinds();
// A register of each way to be served: `id` and `mode_now` on a page of their own, `notify`, `start` (of 7) and `kick`
// to ring, `scratch` and `note` to queue, `mode` and `count` by exits; the line is bit 0 of `mode`.
Program mailbox();

}  // namespace nyx::dev::ir

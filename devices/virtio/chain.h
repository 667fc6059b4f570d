// A buffer of the driver, checked: every piece of it is RAM, and its length is known.
//
// Made only by Queue::take(), which is the one place where addresses and lengths of the guest are looked at; whoever
// holds a Chain uses its bytes without looking again. The bytes stay the guest's, whose processors may change them at
// any moment: what is decided on is copied first. Belongs to the device that took it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "devices/kit/guest_dma.h"

namespace nyx::dev::virtio {

// Consecutive bytes of RAM.
struct Piece {
    std::uint64_t gpa = 0;
    std::span<std::uint8_t> bytes;
};

using Pieces = std::vector<Piece>;

std::uint64_t size_of(const Pieces& pieces);
// Takes `count` bytes off the front; the pieces have so many.
Pieces split_front(Pieces& pieces, std::uint64_t count);
// Copies from the front, as much as both have; how much.
std::size_t copy_out(const Pieces& from, std::span<std::uint8_t> to);
// Copies to the bytes behind `skip`, and reports what it wrote. How much.
std::size_t copy_in(const Pieces& to, std::uint64_t skip, std::span<const std::uint8_t> from, const GuestDma& dma);
// Tells of the first `count` bytes that somebody else wrote there.
void report_written(const Pieces& pieces, std::uint64_t count, const GuestDma& dma);

struct Chain {
    std::uint16_t head = 0;  // which it is to the driver
    Pieces readable;         // what the device may read (§2.7.4)
    Pieces writable;         // what it may write; behind those
};

}  // namespace nyx::dev::virtio

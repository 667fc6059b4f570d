// What a loader has put where so far. Every write goes through here: it must be RAM, and nothing may lie over anything
// else. Private to this folder.
#pragma once

#include <string>
#include <vector>

#include "devices/kit/guest_memory.h"
#include "runtime/boot/boot.h"
#include "runtime/image/image.h"

namespace nyx::boot {

class Placement {
  public:
    // The plan's tables are taken from the start.
    Placement(const plan::MachinePlan& plan, dev::GuestMemory& memory);

    // `what` is for messages: "the kernel", "the command line".
    Status reserve(std::string what, Range range);
    Status put(std::string what, std::uint64_t address, ByteView bytes);
    // Bytes from the file, zeros behind them.
    Status put_segment(std::string what, ByteView file, const image::Segment& segment);
    Status put_segments(const std::string& what, ByteView file, const std::vector<image::Segment>& segments);
    // A structure at one of plan.boot.addresses; 0 there is an error, as is more than `room`.
    Status put_structure(std::string what, std::uint64_t address, std::uint64_t room, ByteView bytes);

  private:
    struct Claim {
        std::string what;
        Range range;
    };

    dev::GuestMemory& memory_;
    std::vector<Claim> claims_;
};

}  // namespace nyx::boot

// A point of a run that a machine can be taken back to: its saved state and its memory, kept in this process.
//
// Pages that two neighbouring checkpoints have in common are held once. Not thread-safe.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "devices/kit/state.h"
#include "runtime/machine/machine.h"

namespace nyx::replay {

class MemoryImage {
  public:
    static constexpr std::size_t kPage = 4096;

    // ram: whole pages. before: of the same memory, earlier; its pages are shared where they are equal. May be null.
    static MemoryImage of(std::span<const std::uint8_t> ram, const MemoryImage* before);
    // ram: as many bytes as it was made of.
    void copy_to(std::span<std::uint8_t> ram) const;
    // Bytes of pages that `before`, which may be null, does not share.
    std::uint64_t own_bytes(const MemoryImage* before) const;

  private:
    using Page = std::array<std::uint8_t, kPage>;
    std::vector<std::shared_ptr<const Page>> pages_;  // null: zeros
};

struct Checkpoint {
    std::uint64_t instructions = 0;
    std::vector<dev::StateUnit> units;
    MemoryImage memory;
    std::size_t events = 0;             // of the recording, that have happened
    std::vector<std::uint64_t> output;  // positions of the devices' outputs

    // At a boundary; best at a cold point.
    static Result<Checkpoint> take(const vm::Machine& machine, const Checkpoint* before);
    // When it fails, nothing of the machine can be relied on.
    Status put_back(vm::Machine& machine) const;
};

// As many as the limits allow, evenly over the run: when there are too many, every second one goes, and from then on
// only every second one offered is kept.
class Checkpoints {
  public:
    struct Limits {
        std::size_t count = 64;
        std::uint64_t bytes = std::uint64_t{1} << 30;  // of memory pages; the first and the last one are kept always
    };
    Checkpoints() = default;
    explicit Checkpoints(Limits limits) : limits_(limits) {}

    // Whether one at this point, beyond all others, would be kept.
    bool wants(std::uint64_t instructions);
    void add(Checkpoint checkpoint);
    // The last one at or before; the first is there since the start.
    const Checkpoint* before(std::uint64_t instructions) const;
    const Checkpoint* last() const { return all_.empty() ? nullptr : &all_.back(); }
    std::size_t count() const { return all_.size(); }
    std::uint64_t bytes() const;

  private:
    void thin_out();

    Limits limits_;
    std::deque<Checkpoint> all_;  // ascending
    std::uint64_t every_ = 1;     // of those offered
    std::uint64_t offered_ = 0;
};

}  // namespace nyx::replay

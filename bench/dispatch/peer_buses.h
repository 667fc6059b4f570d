// Other VMMs' ways from an address to a device, over the same devices as classes.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "bench/dispatch/surroundings.h"

namespace nyx::bench {

// The devices as classes, each behind a mutex, for the buses of others.
struct LockedDevice {
    std::mutex lock;
    std::unique_ptr<dev::Device> device;
};
struct Placed {
    Space space = Space::kPio;
    Range range;
    std::uint32_t region = 0;
    std::shared_ptr<LockedDevice> device;
};
class ClassDevices {
  public:
    explicit ClassDevices(const Board& board);
    const std::vector<Placed>& placed() const { return placed_; }

  private:
    Surroundings around_;
    std::vector<std::unique_ptr<dev::Timers>> timers_;
    std::vector<std::unique_ptr<std::vector<dev::IrqLine*>>> lines_;
    std::vector<Placed> placed_;
};

// An ordered map from the first address to the device, and a mutex around each device: std::map for Rust's BTreeMap, as
// Firecracker's bus was.
class MapBus {
  public:
    explicit MapBus(const Board& board);
    struct Caller {
        explicit Caller(const MapBus&) {}
    };
    void read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data);
    void write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data);

  private:
    const Placed* find(Space space, std::uint64_t address, std::size_t size) const;
    ClassDevices devices_;
    std::array<std::map<std::uint64_t, Placed>, 2> by_base_;
};

// The same with the map behind a reader-writer lock and devices held weakly, as Cloud Hypervisor's bus has it.
class SharedMapBus {
  public:
    explicit SharedMapBus(const Board& board);
    struct Caller {
        explicit Caller(const SharedMapBus&) {}
    };
    void read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data);
    void write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data);

  private:
    struct Entry {
        Range range;
        std::uint32_t region = 0;
        std::weak_ptr<LockedDevice> device;
    };
    struct Found {
        std::shared_ptr<LockedDevice> device;
        dev::Access access;
    };
    Found find(Space space, std::uint64_t address, std::size_t size) const;
    ClassDevices devices_;
    mutable std::array<std::shared_mutex, 2> locks_;
    std::array<std::map<std::uint64_t, Entry>, 2> by_base_;
};

// The same with the map behind a mutex, under which a device is looked up and its reference copied, as crosvm's bus has
// it.
class LockedMapBus {
  public:
    explicit LockedMapBus(const Board& board);
    struct Caller {
        explicit Caller(const LockedMapBus&) {}
    };
    void read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data);
    void write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data);

  private:
    struct Found {
        std::shared_ptr<LockedDevice> device;
        dev::Access access;
    };
    Found find(Space space, std::uint64_t address, std::size_t size) const;
    ClassDevices devices_;
    mutable std::array<std::mutex, 2> locks_;
    std::array<std::map<std::uint64_t, Placed>, 2> by_base_;
};

// A list, from its beginning, and a mutex around each device.
class LinearBus {
  public:
    explicit LinearBus(const Board& board) : devices_(board) {}
    struct Caller {
        explicit Caller(const LinearBus&) {}
    };
    void read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data);
    void write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data);

  private:
    const Placed* find(Space space, std::uint64_t address, std::size_t size) const;
    ClassDevices devices_;
};

}  // namespace nyx::bench

// From a port or guest-physical address to the device that answers: the reference semantics of every access.
//
// Built once, then immutable: any number of threads may access at once, each with an Accessor of its own; a device is
// entered under its lock. An access inside one region, of 1, 2, 4 or 8 bytes, goes to the device as it is; one of
// another length inside a region is cut into the largest such pieces, lowest address first; one that crosses the edge
// of a region is done byte by byte, except 32 bits at port 0xCF8, which go whole to who has that one port. Where nobody
// answers, reads give all ones and writes are dropped; that is counted.
#pragma once

#include <cstdlib>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "devices/kit/device.h"
#include "devices/kit/pci.h"
#include "runtime/base/bits.h"
#include "runtime/base/result.h"
#include "runtime/machine/device_gate.h"
#include "runtime/machine/doorbells.h"
#include "runtime/machine/exit_counters.h"

namespace nyx::vm {

// A device as the machine holds it.
struct DeviceSlot {
    struct Region {
        Space space = Space::kPio;
        Range range;
    };

    std::string name;
    std::string type;
    std::vector<Region> regions;  // by Access::region
    std::unique_ptr<dev::Device> device;
    std::mutex lock;                   // held around every call into the device, but by its gate's owner
    std::size_t first_counter = 0;     // of its registers in VcpuCounters: two (read, write) each, and two for the rest
    DoorbellSet* doorbells = nullptr;  // under the lock; null: none
    DeviceGate gate;                   // entered by whoever has the lock
    dev::ir::NativeContext native;     // of a device with compiled code

    void set_doorbells(DoorbellSet* set) {
        doorbells = set;
        native.waits = set != nullptr ? 1 : 0;
    }
};

// Where an access to the device is counted.
std::size_t counter_of(const DeviceSlot& slot, const dev::Access& access, bool is_write);

// The device's lock and its gate; what the guest rang before is done when lock() returns. vcpu: of whom the thread is;
// null: of none.
class SlotLock final : public dev::FunctionLock {
  public:
    explicit SlotLock(DeviceSlot& slot, dev::ir::NativeVcpu* vcpu = nullptr) : slot_(slot), vcpu_(vcpu) {}
    void lock() override {
        slot_.lock.lock();
        slot_.gate.enter(vcpu_);
        if (slot_.doorbells != nullptr) slot_.doorbells->ring();
    }
    void unlock() override { slot_.lock.unlock(); }

  private:
    DeviceSlot& slot_;
    dev::ir::NativeVcpu* vcpu_;
};

// Inside a device.
class DeviceGuard {
  public:
    explicit DeviceGuard(DeviceSlot& slot, dev::ir::NativeVcpu* vcpu = nullptr) : lock_(slot, vcpu) { lock_.lock(); }
    ~DeviceGuard() { lock_.unlock(); }
    DeviceGuard(const DeviceGuard&) = delete;
    DeviceGuard& operator=(const DeviceGuard&) = delete;

  private:
    SlotLock lock_;
};

class NativeAccess;

class AddressSpace {
  public:
    struct Region {
        Range range;
        DeviceSlot* slot = nullptr;
        std::uint32_t index = 0;  // Access::region
    };

    // What one vCPU brings along.
    struct Accessor {
        VcpuCounters& counters;
        dev::ir::NativeVcpu* vcpu;  // null: a thread that is no vCPU's, whose accesses go by the table
        const Region* last_mmio = nullptr;
    };

    // Any order. kInvalidArgument when two of one space overlap or one leaves its space.
    static Result<AddressSpace> create(std::vector<Region> ports, std::vector<Region> memory);

    // Each vCPU by one thread at a time.
    void read(Space space, std::uint64_t address, std::span<std::uint8_t> data, Accessor& accessor) const;
    void write(Space space, std::uint64_t address, std::span<const std::uint8_t> data, Accessor& accessor) const;
    // The reference, whether there is compiled code or not.
    void read_by_table(Space space, std::uint64_t address, std::span<std::uint8_t> data, Accessor& accessor) const;
    void write_by_table(Space space, std::uint64_t address, std::span<const std::uint8_t> data,
                        Accessor& accessor) const;

    // From now on accesses go to compiled code first, which outlives this. Before anybody accesses.
    void use(const NativeAccess* native) { native_ = native; }

  private:
    struct Free {
        void operator()(void* memory) const { std::free(memory); }
    };

    const Region* find(Space space, std::uint64_t address, Accessor& accessor) const;
    const Region* find_memory(std::uint64_t address) const;
    // Calls one(region or null, offset in data, size) for each piece of an access.
    template <class One>
    void for_each_piece(Space space, std::uint64_t address, std::size_t size, Accessor& accessor, One one) const;
    static void note_unclaimed(Space space, std::uint64_t address, bool is_write, Accessor& accessor);

    std::vector<Region> ports_;
    std::vector<Region> memory_;                      // ascending
    std::unique_ptr<std::uint16_t[], Free> by_port_;  // 65536 entries: index into ports_ plus one; 0: nobody
    const NativeAccess* native_ = nullptr;
};

// One access to one device by the table, counted, under its lock.
std::uint64_t read_device(DeviceSlot& slot, const dev::Access& access, AddressSpace::Accessor& accessor);
void write_device(DeviceSlot& slot, const dev::Access& access, std::uint64_t value, AddressSpace::Accessor& accessor);

}  // namespace nyx::vm

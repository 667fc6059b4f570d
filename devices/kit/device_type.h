// A device type as the catalog lists it: the regions, lines and settings that a plan must give it, and how to make one.
//
// This is what a plan is checked against before anything is created, so a device's own code may rely on it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "devices/kit/block_store.h"
#include "devices/kit/byte_stream.h"
#include "devices/kit/device.h"
#include "devices/kit/guest_dma.h"
#include "devices/kit/host_events.h"
#include "devices/kit/network_link.h"
#include "devices/kit/services.h"
#include "runtime/base/bytes.h"
#include "runtime/base/guid.h"

namespace nyx::dev {

enum class Space : std::uint8_t { kPio, kMmio };

// Region k of a type is k-th here; a plan's pio ranges come first, then its mmio ranges.
struct RegionSpec {
    std::string_view name;
    Space space = Space::kPio;
    std::uint64_t size = 1;        // ports or bytes
    std::uint64_t usual_base = 0;  // where PCs have it; the plan decides
};

// An integer setting of the plan (DevicePlan::settings). One that is absent takes the default.
struct SettingSpec {
    std::string_view name;
    std::int64_t default_value = 0;
    std::int64_t min = 0;
    std::int64_t max = 0;
    std::int64_t step = 1;  // min, min + step, ...
};

// A text that the plan may give. One that is absent is empty.
struct TextSpec {
    std::string_view name;
    std::size_t max_length = 0;  // bytes, printable ASCII
};

// The values of a type's settings, in the order of its SettingSpecs; each is in range.
using SettingValues = std::span<const std::int64_t>;

// The lines of the 8254 (ISA IRQ 0) and of the clock (IRQ 8) as an HPET has them instead (IA-PC HPET
// specification 1.0a, §2.4.6), while they are replaced.
struct TimerLines {
    bool are_replaced = false;
    bool timer = false, clock = false;  // levels
};

// What a device gets to live on. Everything outlives the device.
struct Environment {
    std::span<IrqLine* const> lines;  // one for each of DeviceType::lines
    Clock& clock;
    Timers& timers;
    MachineControl& control;
    ByteSink& output;
    // The device can take input again (byte_stream.h). Called with the device's lock held: only make a note. May be
    // empty.
    std::function<void()> input_room = {};
    // What devices that reach memory or files of the host by themselves need; null where the machine has no such thing.
    const GuestDma* memory = nullptr;
    HostEvents* events = nullptr;
    MessageSink* messages = nullptr;
    BlockStore* block = nullptr;
    NetworkLink* network = nullptr;
    // Of a vm_generation_id; nothing: one that no machine ever had.
    std::optional<Guid> generation = {};
    // Of a fw_cfg: the image of its files (runtime/plan/fw_cfg_files.h); empty: none.
    ByteView files = {};
    // Fills with bytes that nobody can guess, or with those that a deterministic run has there.
    std::function<void(std::span<std::uint8_t>)> random = {};
    // Of an hpet, with its lock held. May be empty.
    std::function<void(const TimerLines&)> replace_timers = {};
    // The values of DeviceType::texts, in its order.
    std::span<const std::string> texts = {};
};

struct DeviceType {
    std::string_view name;  // "serial"
    std::string_view title;
    std::span<const RegionSpec> regions;
    std::span<const std::string_view> lines;  // interrupt lines by name, in the order of DevicePlan::gsis
    std::span<const SettingSpec> settings;
    std::span<const TextSpec> texts = {};
    std::unique_ptr<Device> (*create)(SettingValues settings, const Environment& environment);
};

}  // namespace nyx::dev

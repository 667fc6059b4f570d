// What travels between I/O APICs, devices with MSI and local APICs.
#pragma once

#include <cstdint>

namespace nyx::dev::irqchip {

// SDM volume 3 §12.6.1 "Interrupt Command Register", 82093AA "I/O redirection table": the same codes everywhere.
enum class DeliveryMode : std::uint8_t {
    kFixed = 0,
    kLowestPriority = 1,
    kSmi = 2,
    kReserved = 3,
    kNmi = 4,
    kInit = 5,
    kStartUp = 6,
    kExtInt = 7,
};

constexpr DeliveryMode delivery_mode(std::uint64_t bits_8_to_10) {
    return static_cast<DeliveryMode>((bits_8_to_10 >> 8) & 7);
}

// Only these have a vector that goes through IRR and ISR, and only these can be level-triggered.
constexpr bool has_vector(DeliveryMode mode) {
    return mode == DeliveryMode::kFixed || mode == DeliveryMode::kLowestPriority;
}

struct ApicMessage {
    std::uint32_t destination = 0;
    bool logical = false;  // destination is a set of processors (§12.6.2.2), not an id
    bool wide = false;     // destination has 32 bits, as an x2APIC sends it; otherwise 8
    DeliveryMode mode = DeliveryMode::kFixed;
    std::uint8_t vector = 0;
    bool level = false;  // the sender waits for the end of the interrupt
    bool operator==(const ApicMessage&) const = default;
};

class MessageSink {
  public:
    virtual ~MessageSink() = default;
    // True: at least one local APIC took it.
    virtual bool deliver(const ApicMessage& message) = 0;
};

// A device's write to the window at 0xFEE00000 (SDM volume 3 §12.11 "Message signalled interrupts").
inline constexpr std::uint64_t kMsiBase = 0xFEE0'0000;
inline constexpr std::uint64_t kMsiSize = 0x10'0000;
inline constexpr std::uint64_t kMsiRedirection = 1 << 3;
inline constexpr std::uint64_t kMsiLogical = 1 << 2;
inline constexpr std::uint32_t kMsiLevel = 1 << 15;

// The manual says that the destination mode is ignored without the redirection hint. No processor does so, and Linux
// sends logical destinations without it. With the hint, one of the processors that a logical destination names is
// chosen.
constexpr ApicMessage msi_message(std::uint64_t address, std::uint32_t data) {
    const bool logical = (address & kMsiLogical) != 0;
    const DeliveryMode mode = delivery_mode(data);
    const bool to_one = logical && (address & kMsiRedirection) != 0 && mode == DeliveryMode::kFixed;
    return {
        .destination = static_cast<std::uint8_t>(address >> 12),
        .logical = logical,
        .wide = false,
        .mode = to_one ? DeliveryMode::kLowestPriority : mode,
        .vector = static_cast<std::uint8_t>(data),
        .level = (data & kMsiLevel) != 0 && has_vector(mode),
    };
}

}  // namespace nyx::dev::irqchip

// SMBIOS 3 (DSP0134 3.3): what the guest's firmware would have said about the machine as a product.
//
// Pure: equal plans give equal bytes. One blob for 0xF0000, the segment that guests search for the entry point (DSP0134
// §5.2.2). The system UUID follows from the machine's name alone: it stays when memory or devices change.
#pragma once

#include <array>

#include "runtime/base/bits.h"
#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::acpi {

inline constexpr Range kSmbiosWindow{0xF0000, 0x10000};

struct SmbiosTables {
    Bytes blob;  // the entry point, then the structures
    std::uint64_t base = kSmbiosWindow.base;
};

// kInvalidArgument: the structures do not fit the window.
Result<SmbiosTables> build_smbios(const plan::MachinePlan& plan);

// A version 8 UUID (RFC 9562 §5.8), in the byte order of the RFC.
std::array<std::uint8_t, 16> system_uuid(std::string_view machine_name);

}  // namespace nyx::acpi

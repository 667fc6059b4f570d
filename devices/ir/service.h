// How accesses to each register can be served, decided by what the program proves (docs/devices.md, section 2).
//
// The compiler explains it and holds promises to it; the runtime serves by it. Both ask here, so they cannot differ.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "devices/ir/known_bits.h"

namespace nyx::dev::ir {

// Of one direction of a register. A direction that the register does not have is native and says so.
struct Served {
    Service service = Service::kNative;
    std::string reason;                 // what forbids better; empty where the service is the best there is
    std::vector<std::uint64_t> values;  // of a doorbell: the values that are one; empty: every value
    std::vector<ModeBit> bits = {};     // of kCoalescedWhile: it is served so while they stand so, else by an exit
    bool sends = false;                 // of a queued write: bytes for the host's terminal, which must not wait long
    bool operator==(const Served&) const = default;
};

struct RegisterService {
    Served read, write;
    bool operator==(const RegisterService&) const = default;
};

// By index of the program's registers. The program has been verified.
std::vector<RegisterService> services_of(const Program& program);
// Of one of the program's own registers; for one question, as services_of() answers for all.
Served served_read(const Program& program, const Register& reg);
Served served_write(const Program& program, const Register& reg);

// "lcr.dlab = 0, ier.etbei = 0", by the names that registers give to their bits.
std::string text_of(const Program& program, std::span<const ModeBit> bits);

// Nothing: the register is served at least as promised. Otherwise what forbids it.
std::optional<std::string> broken_promise(const RegisterService& served, Service promise);

inline constexpr std::uint32_t kPageSize = 4096;  // what a read-only memory slot is made of
// Pages of the bank all of whose registers are const-read, by their offsets.
std::vector<std::uint32_t> read_only_pages(const Program& program, std::uint32_t bank,
                                           const std::vector<RegisterService>& services);

}  // namespace nyx::dev::ir

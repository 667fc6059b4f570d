#include "runtime/hv/exit.h"

#include <iterator>

namespace nyx::hv {

const char* exit_name(std::size_t kind) {
    static constexpr const char* kNames[] = {
        "io",          "mmio",       "halt", "shutdown", "system-event", "internal-error", "fail-entry",
        "interrupted", "irq-window", "msr",  "debug",    "hypercall",    "unknown"};
    static_assert(std::size(kNames) == std::variant_size_v<Exit>);
    return kNames[kind];
}

}  // namespace nyx::hv

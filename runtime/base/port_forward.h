// A port of the host that leads to one of the guest, as the wiring says it: "tcp(8080, 80)".
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/base/result.h"

namespace nyx {

struct PortForward {
    bool udp = false;
    std::uint16_t host = 0;
    std::uint16_t guest = 0;
    bool any_address = false;  // others than this host may connect
};

// "tcp(8080, 80)", "udp(5353, 53, true)".
Result<PortForward> parse_forward(std::string_view text);

}  // namespace nyx

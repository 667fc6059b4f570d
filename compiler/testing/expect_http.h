// expect.http(8080, status: 200, path: "/", body: "hello", within: 10 s): asks again and again until the answer is
// right.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/model/machine.h"
#include "compiler/testing/guest.h"
#include "compiler/testing/http_probe.h"
#include "runtime/script/objects.h"

namespace nyx::testing {

struct HttpRequest {
    std::uint16_t port = 0;
    int status = 200;
    std::string path = "/";
    std::string body;  // which the answer has somewhere; empty: any
};

// TCP ports of this host that lead to the machine.
std::vector<std::uint16_t> forwarded_ports(const model::Machine& machine);

// Errors: arguments that no request has, or a port that leads elsewhere.
Result<HttpRequest> http_request(const script::Args& args, const std::vector<std::uint16_t>& ports);

bool is_right(const HttpRequest& request, const HttpAnswer& answer);

// The last answer. A request that takes longer than kPatience is made again.
inline constexpr std::chrono::seconds kPatience{5};
HttpAnswer wait_for_http(Guest& guest, const HttpRequest& request, Time within);

}  // namespace nyx::testing

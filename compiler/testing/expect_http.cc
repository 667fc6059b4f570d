#include "compiler/testing/expect_http.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "runtime/base/port_forward.h"

namespace nyx::testing {

using script::Args;
using script::Type;
using script::Value;

namespace {

constexpr unsigned kPauseUs = 50'000;  // between two requests

const Value* given(const Args& args, std::size_t place, std::string_view name) {
    const Value* value = args.find(place, name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

Result<std::int64_t> number(const Args& args, std::size_t place, const char* name, std::int64_t usual,
                            std::pair<std::int64_t, std::int64_t> range) {
    const Value* value = given(args, place, name);
    if (value == nullptr) return usual;
    if (!value->is(Type::kInt) || value->as_int() < range.first || value->as_int() > range.second)
        return fail(ErrorCode::kInvalidArgument, "`{}` of `expect.http` is a number from {} to {}", name, range.first,
                    range.second);
    return value->as_int();
}

Result<std::string> text(const Args& args, std::size_t place, const char* name, std::string usual) {
    const Value* value = given(args, place, name);
    if (value == nullptr) return usual;
    const auto* string = value->try_as<script::String>();
    if (string == nullptr) return fail(ErrorCode::kInvalidArgument, "`{}` of `expect.http` is a text", name);
    return std::string(string->text);
}

// In a request's first line nothing else can stand.
bool is_path(const std::string& path) {
    return path.starts_with('/') && std::all_of(path.begin(), path.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

std::vector<std::uint16_t> forwarded_ports(const model::Machine& machine) {
    std::vector<std::uint16_t> ports;
    for (const model::Device& device : machine.devices) {
        auto field = device.host.find("network.forward");
        if (field == device.host.end()) continue;
        const auto* forwards = std::get_if<std::vector<std::string>>(&field->second.value);
        for (const std::string& one : forwards ? *forwards : std::vector<std::string>()) {
            auto forward = parse_forward(one);
            if (forward && !forward->udp) ports.push_back(forward->host);
        }
    }
    return ports;
}

Result<HttpRequest> http_request(const Args& args, const std::vector<std::uint16_t>& ports) {
    HttpRequest request;
    NYX_ASSIGN(std::int64_t port, number(args, 1, "port", 0, {1, 65535}));
    NYX_ASSIGN(std::int64_t status, number(args, 2, "status", request.status, {100, 599}));
    NYX_ASSIGN(request.path, text(args, 3, "path", request.path));
    NYX_ASSIGN(request.body, text(args, 4, "body", ""));
    request.port = static_cast<std::uint16_t>(port);
    request.status = static_cast<int>(status);
    if (!is_path(request.path))
        return fail(ErrorCode::kInvalidArgument, "`path` begins with `/` and has neither spaces nor controls");
    if (std::find(ports.begin(), ports.end(), request.port) != ports.end()) return request;
    if (ports.empty())
        return fail(ErrorCode::kInvalidArgument,
                    "the machine forwards no port: `net eth0 {{ network = user(forward: [tcp({}, 80)]) }}`", port);
    return fail(ErrorCode::kInvalidArgument, "port {} does not lead to the machine; it forwards {}", port,
                fmt::join(ports, ", "));
}

bool is_right(const HttpRequest& request, const HttpAnswer& answer) {
    return answer.status == request.status && answer.body.find(request.body) != std::string::npos;
}

HttpAnswer wait_for_http(Guest& guest, const HttpRequest& request, Time within) {
    auto now = [] { return std::chrono::steady_clock::now(); };
    auto deadline = now() + within;
    for (std::optional<HttpAnswer> told;;) {
        HttpAnswer answer = http_get(request.port, request.path, std::min(deadline, now() + kPatience),
                                     [&guest] { return guest.goes_on(); });
        if (is_right(request, answer)) return answer;
        const bool is_over = now() >= deadline;
        // The last request may have been cut short by the deadline: what was told before says more.
        if (!is_over || !told) told = std::move(answer);
        if (is_over || !guest.goes_on()) return *told;
        ::usleep(kPauseUs);
    }
}

}  // namespace nyx::testing

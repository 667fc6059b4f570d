// One request over HTTP to a port of this host, as far as a test needs it: GET, and what comes back.
//
// HTTP/1.0 (RFC 1945), so that the answer ends where the connection does. What a guest answers is hostile: its size and
// the time it may take are bounded. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace nyx::testing {

struct HttpAnswer {
    int status = 0;    // 0: none came, and `problem` says why
    std::string body;  // at most kMostBody bytes of it
    std::string problem;
};

inline constexpr std::size_t kMostBody = std::size_t{1} << 20;

// GET path from 127.0.0.1:port. path begins with '/' and has no spaces or controls. meanwhile: called every few
// milliseconds; false: give up.
HttpAnswer http_get(std::uint16_t port, const std::string& path, std::chrono::steady_clock::time_point deadline,
                    const std::function<bool()>& meanwhile);

// Of the bytes that came on a connection.
HttpAnswer parse_answer(std::string bytes);

}  // namespace nyx::testing

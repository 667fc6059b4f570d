#include "compiler/testing/http_probe.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "runtime/base/file.h"

namespace nyx::testing {

using Clock = std::chrono::steady_clock;

namespace {

constexpr int kLookMs = 10;
constexpr std::size_t kMostHead = std::size_t{64} << 10;

HttpAnswer problem(std::string text) {
    HttpAnswer answer;
    answer.problem = std::move(text);
    return answer;
}

HttpAnswer broken(int error) {
    return problem(error == ECONNREFUSED ? "nobody listens there" : std::strerror(error));
}

Fd connect_to(std::uint16_t port) {
    Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!fd) return fd;
    int done = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    if (done != 0 && errno != EINPROGRESS) return Fd();
    return fd;
}

int socket_error(const Fd& fd) {
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

// A server may leave the connection open behind a body whose length it has said (RFC 1945 section 10.4).
bool is_whole(std::string_view bytes) {
    constexpr std::string_view kLength = "\r\ncontent-length:";
    std::size_t end = bytes.substr(0, kMostHead).find("\r\n\r\n");
    if (end == std::string_view::npos) return false;
    std::string head(bytes.substr(0, end + 2));
    std::transform(head.begin(), head.end(), head.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    std::size_t at = head.find(kLength);
    if (at == std::string::npos) return false;
    at = head.find_first_not_of(' ', at + kLength.size());
    std::size_t length = 0;
    auto [stop, error] = std::from_chars(head.data() + at, head.data() + head.size(), length);
    return error == std::errc() && *stop == '\r' && bytes.size() - (end + 4) >= length;
}

// One connection: what is still to be sent, and what has come.
struct Exchange {
    Fd fd;
    std::string request;
    std::string answer;
    bool is_over = false;
    int error = 0;

    void send_some() {
        ssize_t sent = ::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL);
        if (sent > 0) request.erase(0, static_cast<std::size_t>(sent));
        if (sent < 0 && errno != EAGAIN && errno != EINTR) stop(errno);
    }
    void take_some() {
        std::array<char, 4096> buffer;
        ssize_t got = ::recv(fd.get(), buffer.data(), buffer.size(), 0);
        if (got > 0) answer.append(buffer.data(), static_cast<std::size_t>(got));
        if (got < 0 && errno != EAGAIN && errno != EINTR) stop(errno);
        if (got == 0 || answer.size() > kMostHead + kMostBody || is_whole(answer)) is_over = true;
    }
    void stop(int why) {
        error = why;
        is_over = true;
    }
    void step() {
        pollfd wait{fd.get(), static_cast<short>(request.empty() ? POLLIN : POLLIN | POLLOUT), 0};
        if (::poll(&wait, 1, kLookMs) <= 0) return;
        if (int failed = socket_error(fd); failed != 0) return stop(failed);
        if ((wait.revents & POLLOUT) != 0) send_some();
        if (!is_over && (wait.revents & (POLLIN | POLLHUP | POLLERR)) != 0) take_some();
    }
};

}  // namespace

HttpAnswer parse_answer(std::string bytes) {
    if (bytes.empty()) return problem("the connection was closed without an answer");
    std::size_t digits = bytes.find(' ') + 1;
    bool has_status = bytes.starts_with("HTTP/1.") && digits <= 9 && bytes.size() >= digits + 3;
    int status = 0;
    for (std::size_t i = digits; has_status && i < digits + 3; ++i) {
        has_status = bytes[i] >= '0' && bytes[i] <= '9';
        status = status * 10 + (bytes[i] - '0');
    }
    if (!has_status || status < 100) return problem("what answers does not speak HTTP");
    HttpAnswer answer;
    answer.status = status;
    std::size_t end = bytes.find("\r\n\r\n");
    if (end != std::string::npos) answer.body = bytes.substr(end + 4, kMostBody);
    return answer;
}

HttpAnswer http_get(std::uint16_t port, const std::string& path, Clock::time_point deadline,
                    const std::function<bool()>& meanwhile) {
    Exchange exchange{connect_to(port),
                      fmt::format("GET {} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\nUser-Agent: nyxc\r\n\r\n", path, port),
                      {}};
    if (!exchange.fd) return broken(errno);
    while (!exchange.is_over) {
        if (!meanwhile()) return problem("the guest ended");
        if (Clock::now() >= deadline)
            return problem(exchange.answer.empty() ? "no answer came" : "the answer did not end");
        exchange.step();
    }
    // A server that resets the connection behind its answer has answered.
    if (exchange.error != 0 && exchange.answer.empty()) return broken(exchange.error);
    return parse_answer(std::move(exchange.answer));
}

}  // namespace nyx::testing

#include "runtime/control/client.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "runtime/base/file.h"
#include "runtime/control/names.h"

namespace nyx::control {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxAnswer = std::size_t{4} << 20;  // bytes

Error no_such_machine(const std::string& name) {
    auto running = running_machines();
    std::string list;
    if (running) {
        for (const std::string& other : *running) list += (list.empty() ? "" : ", ") + other;
    }
    return {ErrorCode::kNotFound, fmt::format("no machine named '{}' is running", name),
            list.empty() ? "none is running; start one with `nyx run`" : "running: " + list};
}

Result<Fd> connect_to(const std::string& name) {
    NYX_TRY(check_name(name));
    NYX_ASSIGN(std::string root, runtime_root());
    std::string path = socket_path(root, name);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return fail(no_such_machine(name));
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd) return fail(errno_error(errno, "socket"));
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return fail(no_such_machine(name));
    return fd;
}

// Everything until the other side closes; "Connection: close" asks it to.
Result<std::string> exchange(int fd, const std::string& request) {
    if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
        return fail(errno_error(errno, "control socket"));
    }
    std::string answer;
    std::array<char, 16384> chunk;
    while (answer.size() <= kMaxAnswer) {
        ssize_t count = ::read(fd, chunk.data(), chunk.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(errno_error(errno, "control socket"));
        if (count == 0) return answer;
        answer.append(chunk.data(), static_cast<std::size_t>(count));
    }
    return fail(ErrorCode::kCorrupt, "the machine's answer is over {} bytes", kMaxAnswer);
}

Error error_of(const json& body) {
    json error = body.is_object() ? body.value("error", json::object()) : json::object();
    if (!error.is_object()) error = json::object();
    auto text = [&](const char* key) {
        return error.contains(key) && error[key].is_string() ? error[key].get<std::string>() : "";
    };
    std::string message = text("message");
    return {ErrorCode::kIo, message.empty() ? "the machine refused without a reason" : message, text("hint")};
}

}  // namespace

Result<json> request(const std::string& name, const std::string& method, const std::string& path) {
    NYX_ASSIGN(Fd fd, connect_to(name));
    NYX_ASSIGN(
        std::string text,
        exchange(fd.get(), fmt::format("{} {} HTTP/1.1\r\nHost: nyx\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                                       method, path)));
    std::size_t body_at = text.find("\r\n\r\n");
    bool http = text.rfind("HTTP/1.1 ", 0) == 0 && body_at != std::string::npos && text.size() >= 12;
    json body = http ? json::parse(text.begin() + static_cast<std::ptrdiff_t>(body_at + 4), text.end(), nullptr, false)
                     : json();
    if (!http || body.is_discarded())
        return fail(ErrorCode::kCorrupt, "machine '{}' answered with something that is not ours", name);
    if (text.compare(9, 3, "200") == 0) return body;
    return fail(error_of(body));
}

}  // namespace nyx::control

#include "runtime/control/server.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

#include "runtime/base/event_fd.h"
#include "runtime/base/file.h"
#include "runtime/control/names.h"

namespace nyx::control {

namespace {

constexpr std::size_t kMaxHeaders = 16 << 10;  // bytes
constexpr std::size_t kMaxBody = 64 << 10;
constexpr int kIdleSeconds = 30;

template <auto free_function>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        free_function(object);
    }
};

const char* method_name(evhttp_cmd_type method) {
    switch (method) {
        case EVHTTP_REQ_GET:
            return "GET";
        case EVHTTP_REQ_POST:
            return "POST";
        case EVHTTP_REQ_PUT:
            return "PUT";
        case EVHTTP_REQ_DELETE:
            return "DELETE";
        default:
            return "another method";
    }
}

void handle(evhttp_request* request, void* operations) {
    const evhttp_uri* uri = evhttp_request_get_evhttp_uri(request);
    const char* path = uri ? evhttp_uri_get_path(uri) : nullptr;
    Answer result = answer(*static_cast<Operations*>(operations), method_name(evhttp_request_get_command(request)),
                           path ? path : "");
    std::string body = result.body.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type", "application/json");
    evbuffer_add(evhttp_request_get_output_buffer(request), body.data(), body.size());
    evhttp_send_reply(request, result.status, nullptr, nullptr);
}

Result<Fd> listen_at(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        return fail(Error{ErrorCode::kInvalidArgument, fmt::format("{} is too long for a socket's path", path),
                          "use a shorter --name"});
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return fail(errno_error(errno, "socket"));
    // The folder is 0700 already, so nobody else can connect before the mode is set.
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::chmod(path.c_str(), 0600) != 0 || ::listen(fd.get(), 16) != 0) {
        return fail(errno_error(errno, path));
    }
    return fd;
}

class HttpServer : public Server {
  public:
    explicit HttpServer(std::string folder) : folder_(std::move(folder)) {}
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    ~HttpServer() override {
        if (thread_.joinable()) {
            stop_.add_one();
            thread_.join();
        }
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    Status start(Operations& operations) {
        NYX_ASSIGN(stop_, EventFd::create());
        NYX_ASSIGN(Fd fd, listen_at(folder_ + "/api.sock"));
        base_.reset(event_base_new());
        if (!base_) return fail(ErrorCode::kResource, "libevent has no event loop");
        http_.reset(evhttp_new(base_.get()));
        stop_event_.reset(event_new(
            base_.get(), stop_.get(), EV_READ,
            [](int, short, void* base) { event_base_loopbreak(static_cast<event_base*>(base)); }, base_.get()));
        if (!http_ || !stop_event_ || event_add(stop_event_.get(), nullptr) != 0)
            return fail(ErrorCode::kResource, "libevent has no memory");
        evhttp_set_max_headers_size(http_.get(), kMaxHeaders);
        evhttp_set_max_body_size(http_.get(), kMaxBody);
        evhttp_set_timeout(http_.get(), kIdleSeconds);
        evhttp_set_gencb(http_.get(), handle, &operations);
        if (evhttp_accept_socket(http_.get(), fd.get()) != 0)
            return fail(ErrorCode::kIo, "libevent does not take the socket");
        fd.release();  // libevent closes it
        thread_ = std::thread([this] { loop(); });
        return {};
    }

  private:
    void loop() {
        sigset_t all;  // signals belong to the main thread
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, nullptr);
        event_base_dispatch(base_.get());
    }

    std::string folder_;
    EventFd stop_;
    // Destroyed in reverse order: the loop's base last.
    std::unique_ptr<event_base, Freed<event_base_free>> base_;
    std::unique_ptr<evhttp, Freed<evhttp_free>> http_;
    std::unique_ptr<event, Freed<event_free>> stop_event_;
    std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const std::string& name, Operations& operations) {
    NYX_TRY(check_name(name));
    NYX_ASSIGN(std::string root, runtime_root());
    std::string folder = root + "/" + name;
    if (::mkdir(folder.c_str(), 0700) != 0) {
        if (errno == EEXIST) return fail(ErrorCode::kInvalidArgument, "a machine named '{}' is running already", name);
        return fail(errno_error(errno, folder));
    }
    auto server = std::make_unique<HttpServer>(folder);
    NYX_TRY(server->start(operations));
    return std::unique_ptr<Server>(std::move(server));
}

}  // namespace nyx::control

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <random>

#include "runtime/base/file.h"
#include "runtime/control/client.h"
#include "runtime/control/names.h"
#include "runtime/control/server.h"

using namespace nyx;
using nlohmann::json;

namespace {

// A private runtime folder for one test.
struct PrivateRoot {
    PrivateRoot() {
        char name[] = "/tmp/nyx-control-test-XXXXXX";
        REQUIRE(mkdtemp(name) != nullptr);
        folder = name;
        setenv("XDG_RUNTIME_DIR", folder.c_str(), 1);
    }
    ~PrivateRoot() { std::filesystem::remove_all(folder); }
    std::string folder;
};

struct FakeMachine : control::Operations {
    Result<json> status() override { return json{{"name", "fake"}, {"state", state}}; }
    Result<json> exits() override { return json{{"registers", json::array()}}; }
    Result<json> devices() override { return json{{"devices", json::array()}}; }
    Result<json> pause() override { return change("paused"); }
    Result<json> resume() override { return change("running"); }
    Result<json> reset() override { return fail(Error{ErrorCode::kInvalidArgument, "it is stopped", "start it"}); }
    Result<json> powerdown() override { return fail(ErrorCode::kUnsupported, "it has no power button"); }
    Result<json> stop() override { return change("stopped"); }
    Result<json> change(const char* to) {
        state = to;
        return status();
    }
    std::string state = "running";
};

// Whatever the server sends back to these raw bytes.
std::string raw(const std::string& path, const std::string& bytes) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    Fd fd(socket(AF_UNIX, SOCK_STREAM, 0));
    REQUIRE(connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
    shutdown(fd.get(), SHUT_WR);
    std::string answer;
    char chunk[4096];
    for (ssize_t n = 0; (n = read(fd.get(), chunk, sizeof chunk)) > 0;)
        answer.append(chunk, static_cast<std::size_t>(n));
    return answer;
}

}  // namespace

TEST_CASE("a request reaches the machine, an error comes back with its hint") {
    PrivateRoot root;
    FakeMachine machine;
    auto server = control::Server::start("vm1", machine);
    REQUIRE(server);
    CHECK(control::request("vm1", "GET", "/status")->at("state") == "running");
    CHECK(control::request("vm1", "POST", "/pause")->at("state") == "paused");
    auto refused = control::request("vm1", "POST", "/reset");
    REQUIRE(!refused);
    CHECK(refused.error().message == "it is stopped");
    CHECK(refused.error().hint == "start it");
    CHECK(control::answer(machine, "POST", "/powerdown").status == 501);
    CHECK(control::answer(machine, "GET", "/pause").status == 405);
    CHECK(control::answer(machine, "GET", "/nowhere").status == 404);
}

TEST_CASE("the socket is private, and gone with the server") {
    PrivateRoot root;
    FakeMachine machine;
    std::string path = root.folder + "/nyx/vm1/api.sock";
    {
        auto server = control::Server::start("vm1", machine);
        REQUIRE(server);
        struct stat info{};
        REQUIRE(stat(path.c_str(), &info) == 0);
        CHECK((info.st_mode & 0777) == 0600);
        CHECK(control::running_machines().value() == std::vector<std::string>{"vm1"});
        CHECK(control::free_name("vm1", false).value() == "vm1-2");
        CHECK(!control::free_name("vm1", true));
        CHECK(!control::Server::start("vm1", machine));
    }
    CHECK(!std::filesystem::exists(path));
    auto missing = control::request("vm1", "GET", "/status");
    REQUIRE(!missing);
    CHECK(missing.error().code == ErrorCode::kNotFound);
}

TEST_CASE("what a crashed machine left behind is cleared") {
    PrivateRoot root;
    REQUIRE(control::runtime_root());
    std::filesystem::create_directory(root.folder + "/nyx/dead");
    REQUIRE(write_file(root.folder + "/nyx/dead/api.sock", ByteView{}));
    CHECK(control::running_machines().value().empty());
    CHECK(!std::filesystem::exists(root.folder + "/nyx/dead"));
}

TEST_CASE("a runtime folder that others may enter is refused") {
    PrivateRoot root;
    REQUIRE(control::runtime_root());
    chmod((root.folder + "/nyx").c_str(), 0755);
    auto refused = control::runtime_root();
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::kPermission);
}

TEST_CASE("names are one path component") {
    for (const char* good : {"a", "web-1", "x_y.z"}) CHECK(control::check_name(good));
    for (const char* bad : {"", ".", "..", "a/b", ".hidden", "a b", "caf\xC3\xA9"}) CHECK(!control::check_name(bad));
    CHECK(!control::check_name(std::string(65, 'a')));
}

TEST_CASE("nonsense on the socket does not end the server") {
    PrivateRoot root;
    FakeMachine machine;
    auto server = control::Server::start("vm1", machine);
    REQUIRE(server);
    std::string path = root.folder + "/nyx/vm1/api.sock";
    std::mt19937 random(3);
    for (int i = 0; i < 50; ++i) {
        std::string bytes(random() % 300, '\0');
        for (char& c : bytes) c = static_cast<char>(random());
        raw(path, bytes);
    }
    CHECK(raw(path, "GET /status HTTP/1.1\r\nX: " + std::string(60000, 'a') + "\r\n\r\n").find("200 OK") ==
          std::string::npos);
    CHECK(control::request("vm1", "GET", "/status"));
}

TEST_CASE("docs/api/openapi.json lists exactly the routes") {
    json document = json::parse(as_text(read_file(NYX_OPENAPI).value()));
    std::vector<std::string> described;
    for (const auto& [path, methods] : document.at("paths").items()) {
        for (const auto& [method, entry] : methods.items())
            described.push_back(method + " " + path + " " + entry.at("summary").get<std::string>());
    }
    std::vector<std::string> served;
    for (const auto& route : control::routes()) {
        std::string method = route.method == "GET" ? "get" : "post";
        served.push_back(method + " " + std::string(route.path) + " " + std::string(route.summary));
    }
    std::sort(described.begin(), described.end());
    std::sort(served.begin(), served.end());
    CHECK(described == served);
}

// The program nyx as a user has it: run with a bundle, in a pseudo-terminal where the terminal matters.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "runtime/base/file.h"
#include "runtime/plan/bundle_writer.h"

using namespace nyx;
namespace fs = std::filesystem;

namespace {

bool has_kvm() {
    if (::access("/dev/kvm", R_OK | W_OK) == 0) return true;
    std::printf("SKIPPED: no KVM here: /dev/kvm cannot be opened\n");
    return false;
}

struct Folder {
    std::string path;
    Folder() {
        char name[] = "/tmp/nyx-cli-XXXXXX";
        REQUIRE(::mkdtemp(name) != nullptr);
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
};

plan::DevicePlan device(const char* name, const char* type, Range ports, std::vector<std::uint32_t> gsis = {}) {
    plan::DevicePlan device;
    device.name = name;
    device.type = type;
    device.pio = {ports};
    device.gsis = std::move(gsis);
    return device;
}

// A flat real-mode machine with a serial port on this terminal and an exit device.
void write_machine(const std::string& path, const Bytes& code) {
    constexpr std::uint64_t kLoad = 0x10000;
    plan::BundleContents contents;
    plan::MachinePlan& plan = contents.plan;
    plan.name = "tiny";
    plan.cpu.profile = "host";
    plan.memory_size = 2 << 20;
    plan.ram = {{{0, 0xA0000}, 0}, {{0x100000, 0x100000}, 0x100000}};
    plan.acpi = false;
    plan.devices = {device("com1", "serial", {0x3F8, 8}, {4}), device("exit0", "exit", {0xF4, 4})};
    plan.boot.protocol = plan::BootProtocol::kFlat;
    plan.boot.mode = plan::EntryMode::kReal16;
    plan.boot.image = "kernel";
    plan.boot.load = plan.boot.entry = kLoad;
    plan.boot.addresses.stack = 0x8000;
    plan.images = {{"kernel", sha256(code), code.size()}};
    contents.images["kernel"] = code;
    contents.wiring["com1"]["backend"] = std::string("stdio");
    auto bytes = plan::write_bundle(contents);
    REQUIRE_MESSAGE(bytes.has_value(), (bytes ? "" : bytes.error().text()));
    REQUIRE(write_file(path, *bytes));
}

// "hi" to the serial port, then status 5.
const Bytes kHello{0xBA, 0xF8, 0x03, 0xB0, 'h', 0xEE, 0xB0, 'i', 0xEE, 0xB0, 5, 0xE6, 0xF4, 0xEB, 0xFE};
// again: wait for a byte (LSR bit 0), echo it; 'q' ends with status 6.
const Bytes kEcho{0xBA, 0xF8, 0x03, 0xB0, '>',  0xEE,              // mov dx, 3f8; '>' out
                  0xBA, 0xFD, 0x03, 0xEC, 0xA8, 0x01, 0x74, 0xFB,  // mov dx, 3fd; w: in; test 1; jz w
                  0xBA, 0xF8, 0x03, 0xEC, 0xEE, 0x3C, 'q',         // mov dx, 3f8; in; out; cmp 'q'
                  0x75, 0xEF, 0xB0, 0x06, 0xE6, 0xF4, 0xEB, 0xFE};

struct Ended {
    int status = -1;  // exit status, or 128 + signal
    std::string out;
    std::string err;
};

int status_of(int wait_status) {
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

std::string slurp(const std::string& path) {
    auto bytes = read_file(path);
    return bytes ? std::string(as_text(*bytes)) : "";
}

// Runs nyx with redirected streams, in `folder`.
Ended run_nyx(const Folder& folder, const std::string& arguments) {
    std::string command = "cd " + folder.path + " && '" NYX_PROGRAM "' " + arguments + " >out 2>err </dev/null";
    Ended ended;
    ended.status = status_of(std::system(command.c_str()));
    ended.out = slurp(folder.path + "/out");
    ended.err = slurp(folder.path + "/err");
    return ended;
}

// nyx in a terminal of its own.
class Session {
  public:
    Session(const Folder& folder, const std::string& bundle) {
        REQUIRE(::openpty(&master_, &slave_, nullptr, nullptr, nullptr) == 0);
        REQUIRE(::tcgetattr(slave_, &before_) == 0);
        std::string path = folder.path + "/" + bundle;
        child_ = ::fork();
        if (child_ == 0) {
            ::login_tty(::dup(slave_));
            ::execl(NYX_PROGRAM, "nyx", "run", path.c_str(), static_cast<char*>(nullptr));
            ::_exit(127);
        }
    }
    ~Session() {
        if (child_ > 0) {
            ::kill(child_, SIGKILL);
            ::waitpid(child_, nullptr, 0);
        }
        ::close(master_);
        ::close(slave_);
    }

    // Reads until the text has appeared.
    bool see(const std::string& text) {
        constexpr int kPatienceMs = 60000;
        while (seen_.find(text) == std::string::npos) {
            pollfd waiting{master_, POLLIN, 0};
            if (::poll(&waiting, 1, kPatienceMs) <= 0) return false;
            char buffer[512];
            ssize_t got = ::read(master_, buffer, sizeof buffer);
            if (got <= 0) return false;
            seen_.append(buffer, static_cast<std::size_t>(got));
        }
        return true;
    }
    void type(const std::string& keys) { REQUIRE(::write(master_, keys.data(), keys.size()) > 0); }
    void signal(int number) { ::kill(child_, number); }
    int wait() {
        int status = 0;
        ::waitpid(child_, &status, 0);
        child_ = -1;
        return status_of(status);
    }
    bool raw() const { return (settings().c_lflag & (ICANON | ECHO | ISIG)) == 0; }
    bool as_before() const {
        termios now = settings();
        return now.c_lflag == before_.c_lflag && now.c_iflag == before_.c_iflag && now.c_oflag == before_.c_oflag;
    }
    const std::string& seen() const { return seen_; }

  private:
    termios settings() const {
        termios now{};
        REQUIRE(::tcgetattr(slave_, &now) == 0);
        return now;
    }
    int master_ = -1;
    int slave_ = -1;
    pid_t child_ = -1;
    termios before_{};
    std::string seen_;
};

}  // namespace

TEST_CASE("the one bundle of a folder runs, its status is the guest's, and --exit-stats counts") {
    if (!has_kvm()) return;
    Folder folder;
    write_machine(folder.path + "/tiny.nyxb", kHello);
    Ended ended = run_nyx(folder, "run --exit-stats");
    INFO(ended.err);
    CHECK(ended.status == 5);
    CHECK(ended.out == "hi");
    CHECK(ended.err.find("com1") != std::string::npos);
    CHECK(ended.err.find("exits to nyx: 3") != std::string::npos);

    ended = run_nyx(folder, "run tiny.nyxb --exit-stats --format=json --serial file:serial.log");
    CHECK(ended.status == 5);
    CHECK(slurp(folder.path + "/serial.log") == "hi");
    auto report = nlohmann::json::parse(ended.err);
    CHECK(report["outcome"] == "exited");
    CHECK(report["status"] == 5);
    CHECK(report["exit_stats"]["total_exits"] == 3);
    CHECK(report["exit_stats"]["accesses"].size() == 2);

    write_machine(folder.path + "/other.nyxb", kHello);
    ended = run_nyx(folder, "run");
    CHECK(ended.status == 2);
    CHECK(ended.err.find("2 bundles are in this folder: other.nyxb, tiny.nyxb") != std::string::npos);
}

TEST_CASE("what cannot run is refused in one line with what to do, status 3") {
    Folder folder;
    Ended ended = run_nyx(folder, "run");
    CHECK(ended.status == 3);
    CHECK(ended.err.find("there is no bundle (.nyxb) in this folder") != std::string::npos);
    ended = run_nyx(folder, "run nothing.nyxb");
    CHECK(ended.status == 3);
    write_machine(folder.path + "/tiny.nyxb", kHello);
    Bytes bytes = *read_file(folder.path + "/tiny.nyxb");
    bytes[bytes.size() / 2] ^= 1;
    REQUIRE(write_file(folder.path + "/flipped.nyxb", bytes));
    CHECK(run_nyx(folder, "run flipped.nyxb").status == 3);
    bytes.resize(100);
    REQUIRE(write_file(folder.path + "/short.nyxb", bytes));
    CHECK(run_nyx(folder, "run short.nyxb").status == 3);
    CHECK(run_nyx(folder, "run --nonsense").status == 2);
    CHECK(run_nyx(folder, "run tiny.nyxb --serial smoke").status == 2);
    CHECK(run_nyx(folder, "boot").status == 2);
    CHECK(run_nyx(folder, "boot --binary x --entry zero --print").status == 2);
}

TEST_CASE("a guest that hangs or halts for good ends with a report and status 4") {
    if (!has_kvm()) return;
    Folder folder;
    write_machine(folder.path + "/spin.nyxb", Bytes{0xEB, 0xFE});
    Ended ended = run_nyx(folder, "run spin.nyxb --timeout 0.3");
    CHECK(ended.status == 4);
    CHECK(ended.err.starts_with("nyx: the time limit of 0.3 s was reached"));
    CHECK(ended.err.find("rip=") != std::string::npos);
    write_machine(folder.path + "/halt.nyxb", Bytes{0xFA, 0xF4});
    ended = run_nyx(folder, "run halt.nyxb");
    CHECK(ended.status == 4);
    CHECK(ended.err.starts_with("nyx: the guest halted for good"));
}

TEST_CASE("input reaches the guest, from a pipe to its end") {
    if (!has_kvm()) return;
    Folder folder;
    write_machine(folder.path + "/echo.nyxb", kEcho);
    std::string command = "cd " + folder.path + " && printf 'ab\\001cq' | '" NYX_PROGRAM "' run echo.nyxb >out";
    CHECK(status_of(std::system(command.c_str())) == 6);
    CHECK(slurp(folder.path + "/out") == ">ab\001cq");
    std::string from_file = "cd " + folder.path +
                            " && printf 'abcdefghijklmnopqrstuvwxyzq' >keys && '" NYX_PROGRAM
                            "' run echo.nyxb <keys >out";
    CHECK(status_of(std::system(from_file.c_str())) == 6);
    CHECK(slurp(folder.path + "/out") == ">abcdefghijklmnopq");
}

TEST_CASE("at a terminal: raw mode, Ctrl-A keys, and everything back afterwards") {
    if (!has_kvm()) return;
    Folder folder;
    write_machine(folder.path + "/echo.nyxb", kEcho);
    Session session(folder, "echo.nyxb");
    REQUIRE(session.see(">"));
    CHECK(session.raw());
    session.type("\003z");  // Ctrl-C is the guest's
    REQUIRE(session.see("\003z"));
    session.type("\001h");
    REQUIRE(session.see("Ctrl-A x  ends the machine"));
    session.type("\001aA");
    REQUIRE(session.see("\001A"));
    session.type("\001x");
    CHECK(session.wait() == 0);
    CHECK(session.as_before());
}

TEST_CASE("a signal ends the run and the terminal is as before") {
    if (!has_kvm()) return;
    Folder folder;
    write_machine(folder.path + "/echo.nyxb", kEcho);
    for (int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT}) {
        Session session(folder, "echo.nyxb");
        REQUIRE(session.see(">"));
        session.signal(number);
        CHECK(session.wait() == 128 + number);
        CHECK(session.as_before());
    }
    // A death of our own making.
    Session session(folder, "echo.nyxb");
    REQUIRE(session.see(">"));
    session.signal(SIGABRT);
    CHECK(session.wait() == 128 + SIGABRT);
    CHECK(session.as_before());
}

TEST_CASE("doctor and facts speak JSON") {
    Folder folder;
    Ended doctor = run_nyx(folder, "doctor --format=json");
    auto findings = nlohmann::json::parse(doctor.out);
    CHECK(doctor.status == (findings["can_run"] == true ? 0 : 3));
    Ended facts = run_nyx(folder, "facts");
    CHECK(facts.status == 0);
    CHECK(nlohmann::json::parse(facts.out)["kvm"].contains("available"));
    CHECK(run_nyx(folder, "--version").out.starts_with("nyx "));
}

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "devices/backend/backend.h"
#include "devices/backend/output_pump.h"
#include "runtime/base/file.h"

using namespace nyx;
using namespace nyx::dev;

namespace {

struct Pipe {
    Fd reader;
    Fd writer;
    explicit Pipe(int flags = O_NONBLOCK) {
        int ends[2] = {-1, -1};
        REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
        reader = Fd(ends[0]);
        writer = Fd(ends[1]);
        ::fcntl(writer.get(), F_SETFL, flags);
        ::fcntl(writer.get(), F_SETPIPE_SZ, 4096);
    }
};

struct TempDir {
    std::string path = "/tmp/nyx-backend-XXXXXX";
    TempDir() { REQUIRE(::mkdtemp(path.data())); }
    ~TempDir() {
        ::unlink(file().c_str());
        ::rmdir(path.c_str());
    }
    std::string file() const { return path + "/log"; }
};

Bytes pattern(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
    return bytes;
}

// Until `size` bytes or the end.
Bytes read_from(int fd, std::size_t size) {
    Bytes all;
    std::uint8_t part[1000];
    while (all.size() < size) {
        ssize_t count = ::read(fd, part, std::min(sizeof part, size - all.size()));
        if (count <= 0) break;
        all.insert(all.end(), part, part + count);
    }
    return all;
}

std::string text_of(const std::string& path) {
    auto bytes = read_file(path);
    return bytes ? std::string(as_text(*bytes)) : "(no file)";
}

}  // namespace

TEST_CASE("backend names") {
    CHECK(parse_backend("stdio")->kind == BackendKind::kStdio);
    CHECK(parse_backend("pty")->kind == BackendKind::kPty);
    CHECK(parse_backend("none")->kind == BackendKind::kNull);
    CHECK(parse_backend("file:/a:b")->path == "/a:b");
    CHECK(!parse_backend("file:/a")->append);
    CHECK(parse_backend("append:/a")->append);
    for (const char* bad : {"", "file:", "append:", "file", "tty", "stdio:1", "PTY"}) {
        CAPTURE(bad);
        CHECK(!parse_backend(bad));
    }
    CHECK(parse_backend("tty").error().hint.find("pty") != std::string::npos);
}

TEST_CASE("a slow peer loses nothing, however small the queue") {
    for (int flags : {O_NONBLOCK, 0}) {
        Pipe pipe(flags);
        Bytes sent = pattern(300'000);
        Bytes got;
        std::thread peer([&] { got = read_from(pipe.reader.get(), sent.size()); });
        {
            OutputPump pump(pipe.writer.get(), 1000, std::chrono::hours(1));
            for (std::size_t at = 0; at < sent.size(); at += 777)
                pump.write(ByteView(sent).subspan(at, std::min<std::size_t>(777, sent.size() - at)));
            peer.join();
            CHECK(pump.dropped() == 0);
        }
        CHECK(got == sent);
    }
}

TEST_CASE("a peer that takes nothing: what does not fit is dropped and counted") {
    Pipe pipe;
    Bytes sent = pattern(100'000);
    std::uint64_t dropped = 0;
    {
        OutputPump pump(pipe.writer.get(), 1000, std::chrono::milliseconds(0));
        for (std::size_t at = 0; at < sent.size(); at += 500) pump.write(ByteView(sent).subspan(at, 500));
        dropped = pump.dropped();
    }
    CHECK(dropped >= sent.size() - 4096 - 2000);
    CHECK(dropped < sent.size());
}

TEST_CASE("a closed pipe does not stop or kill the program") {
    Pipe pipe;
    pipe.reader = Fd();
    OutputPump pump(pipe.writer.get(), 100, std::chrono::hours(1));
    Bytes sent = pattern(10'000);
    pump.write(sent);
    CHECK(pump.dropped() >= sent.size() - 100);
}

TEST_CASE("a file is written at once, opening it again truncates or appends") {
    TempDir dir;
    auto print = [&](std::string_view spec, std::string_view text) {
        auto backend = open_backend(*parse_backend(std::string(spec) + dir.file()));
        REQUIRE(backend);
        (*backend)->sink().write(as_bytes(text));
        CHECK((*backend)->input_fd() == -1);
        CHECK((*backend)->description().find(dir.file()) != std::string::npos);
        return text_of(dir.file());
    };
    CHECK(print("file:", "one\n") == "one\n");
    CHECK(print("append:", "two\n") == "one\ntwo\n");
    CHECK(print("file:", "three\n") == "three\n");
    auto missing = open_backend(*parse_backend("file:/nowhere/at/all"));
    REQUIRE(!missing);
    CHECK(missing.error().message.find("/nowhere/at/all") != std::string::npos);
}

TEST_CASE("a full disk is counted, not fatal") {
    auto backend = open_backend({BackendKind::kFile, "/dev/full", true});
    REQUIRE(backend);
    (*backend)->sink().write(as_bytes("x"));
    std::shared_ptr<Backend> kept = std::move(*backend);
    while (kept->dropped() == 0) std::this_thread::yield();
    CHECK(kept->dropped() == 1);
}

TEST_CASE("nothing takes everything and never has input") {
    auto backend = open_backend({BackendKind::kNull, "", false});
    REQUIRE(backend);
    (*backend)->sink().write(as_bytes("x"));
    std::uint8_t byte = 0;
    CHECK((*backend)->read({&byte, 1}).closed);
    CHECK((*backend)->dropped() == 0);
}

TEST_CASE("a pseudo-terminal passes bytes unchanged both ways, and programs may come and go") {
    auto backend = open_backend({BackendKind::kPty, "", false});
    REQUIRE(backend);
    std::string name = (*backend)->description().substr(std::string("pseudo-terminal ").size());
    (*backend)->sink().write(as_bytes("before\n"));
    for (int visit = 0; visit < 2; ++visit) {
        Fd terminal(::open(name.c_str(), O_RDWR | O_NOCTTY));
        REQUIRE(terminal);
        if (visit == 0) CHECK(as_text(read_from(terminal.get(), 7)) == "before\n");
        (*backend)->sink().write(as_bytes("a\r\nb\x03"));
        CHECK(as_text(read_from(terminal.get(), 5)) == "a\r\nb\x03");
        REQUIRE(::write(terminal.get(), "\x04x\r", 3) == 3);
        pollfd ready{(*backend)->input_fd(), POLLIN, 0};
        REQUIRE(::poll(&ready, 1, 60'000) == 1);
        std::uint8_t typed[8];
        InputBytes input = (*backend)->read(typed);
        CHECK(as_text(ByteView(typed).first(input.count)) == "\x04x\r");
        CHECK(!input.closed);
    }
    pollfd ready{(*backend)->input_fd(), POLLIN, 0};
    CHECK(::poll(&ready, 1, 0) == 0);  // no hang-up to wake for
}

TEST_CASE("stdio: the program's own streams, the end of input is told once it is reached") {
    Fd old_in(::dup(STDIN_FILENO));
    Fd old_out(::dup(STDOUT_FILENO));
    Pipe in;
    Pipe out;
    ::dup2(in.reader.get(), STDIN_FILENO);
    ::dup2(out.writer.get(), STDOUT_FILENO);
    auto backend = open_backend({BackendKind::kStdio, "", false});
    ::dup2(old_in.get(), STDIN_FILENO);
    ::dup2(old_out.get(), STDOUT_FILENO);
    REQUIRE(backend);
    std::uint8_t typed[8];
    CHECK((*backend)->read(typed).count == 0);
    CHECK(!(*backend)->read(typed).closed);
    CHECK(::write(in.writer.get(), "hi", 2) == 2);
    CHECK((*backend)->read(typed).count == 2);
    in.writer = Fd();
    CHECK((*backend)->read(typed).closed);
    (*backend)->sink().write(as_bytes("out"));
    CHECK(as_text(read_from(out.reader.get(), 3)) == "out");
}

#include <doctest/doctest.h>

#include "compiled.h"
#include "compiler/device/state_lock.h"
#include "compiler/syntax/parser.h"

using namespace nyx;
using device::LockedDevice;

namespace {

struct Locked {
    Locked(const std::string& text, const LockedDevice* before) {
        const std::uint32_t file = sources.add("d.ny", text);
        module = syntax::parse(sources, file, sink);
        device = device::compile(ast::as<ast::DeviceDecl>(*module->body[0]), {}, sources, sink, before);
    }
    std::string message() const {
        return sink.all().empty() ? "" : sink.all()[0].message + ": " + sink.all()[0].primary.text;
    }

    source::SourceMap sources;
    diagnostics::Sink sink;
    std::unique_ptr<ast::Module> module;
    std::optional<device::CompiledDevice> device;
};

std::string with_state(const std::string& state, int version) {
    return "device d(port: ioport(1)) snapshot " + std::to_string(version) + " { state { " + state +
           " } bank b: pio @port, size 1 { reg r @0 rw } }";
}

}  // namespace

TEST_CASE("fields keep their ids when the state changes its version") {
    const Locked first(with_state("a: u8 = 0; b: u16 = 0", 1), nullptr);
    REQUIRE(first.device);
    const LockedDevice one = device::locked(first.device->program, nullptr);
    CHECK(one.fields == std::vector<device::LockedField>{{1, "a", "u8"}, {2, "b", "u16"}, {3, "r", "u8"}});
    CHECK(Locked(with_state("b: u16 = 0; a: u8 = 0", 1), &one).message() == "");
    CHECK(Locked(with_state("a: u8 = 0", 1), &one).message() == "the state of version 1 was another one: `b` is gone");
    CHECK(Locked(with_state("a: u8 = 0; b: u8 = 0", 1), &one).message() ==
          "the state of version 1 was another one: `b` is new, or of another type");
    const Locked second(with_state("c: u8 = 0; a: u8 = 0", 2), &one);
    REQUIRE(second.device);
    const LockedDevice two = device::locked(second.device->program, &one);
    CHECK(two.fields == std::vector<device::LockedField>{{1, "a", "u8"}, {3, "r", "u8"}, {4, "c", "u8"}});
    CHECK(two.gone == std::vector<device::LockedField>{{2, "b", "u16"}});
    CHECK(Locked(with_state("a: u8 = 0; b: u16 = 0", 1), &two).message().starts_with("the state of version 2"));
    const Locked third(with_state("b: u16 = 0; a: u8 = 0; c: u8 = 0", 3), &two);
    REQUIRE(third.device);
    CHECK(third.device->program.state.back().id == 5);  // never that of the `b` that is gone
}

TEST_CASE("a lock is read as it was written, and nothing else is one") {
    const device::StateLock lock = {{"d", {2, {{1, "a", "u8"}, {4, "q", "fifo<u8, 16>"}}, {{2, "b", "[u16; 8]"}}}}};
    const auto read = device::read_state_lock(device::state_lock_text(lock));
    REQUIRE(read);
    CHECK(*read == lock);
    for (const char* bad :
         {"x\n", "  1 a u8\n", "device d 0\n", "device d 1\n  0 a u8\n", "device d 1\n  1 a\n",
          "device d 1\ndevice d 1\n", "device d 1\n  2 a u8\n  1 b u8\n", "device  1\n", "device d 99999999999\n"})
        CHECK_FALSE(device::read_state_lock(bad));
}

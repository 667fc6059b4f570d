#include "runtime/replay/checkpoint.h"

#include <doctest/doctest.h>

#include "runtime/replay/session.h"

namespace nyx::replay {
namespace {

constexpr std::size_t kPage = MemoryImage::kPage;

Checkpoint at(std::uint64_t instructions, const Bytes& ram, const Checkpoint* before) {
    Checkpoint checkpoint;
    checkpoint.instructions = instructions;
    checkpoint.memory = MemoryImage::of(ram, before != nullptr ? &before->memory : nullptr);
    return checkpoint;
}

TEST_CASE("memory comes back as it was, and equal pages are held once") {
    Bytes ram(8 * kPage);
    ram[0] = 1;
    ram[3 * kPage] = 2;
    MemoryImage first = MemoryImage::of(ram, nullptr);
    Bytes then = ram;
    CHECK(first.own_bytes(nullptr) == 2 * kPage);  // pages of zeros cost nothing
    ram[3 * kPage + 5] = 3;
    ram[7 * kPage] = 4;
    MemoryImage second = MemoryImage::of(ram, &first);
    CHECK(second.own_bytes(&first) == 2 * kPage);
    Bytes other(8 * kPage, 0xEE);
    first.copy_to(other);
    CHECK(other == then);
    second.copy_to(other);
    CHECK(other == ram);
}

TEST_CASE("checkpoints stay within their number, keep the first and the last, and spread out") {
    Checkpoints all({8, std::uint64_t{1} << 30});
    Bytes ram(kPage, 1);
    for (std::uint64_t i = 0; i < 100; ++i)
        if (all.wants(10 * i)) all.add(at(10 * i, ram, all.last()));
    CHECK(all.count() <= 8);
    CHECK(all.count() >= 4);
    REQUIRE(all.before(0) != nullptr);
    CHECK(all.before(0)->instructions == 0);
    CHECK(all.before(990)->instructions >= 800);
    CHECK(all.before(499)->instructions >= 240);
    CHECK(!all.wants(5));  // there was one there, once
}

TEST_CASE("checkpoints stay within their size") {
    Checkpoints all({64, 10 * kPage});
    Bytes ram(4 * kPage, 1);
    for (std::uint64_t i = 0; i < 50; ++i) {
        for (std::size_t page = 0; page < 4; ++page) ram[page * kPage] = static_cast<std::uint8_t>(i + 2);
        if (all.wants(i)) all.add(at(i, ram, all.last()));
        CHECK(all.bytes() <= 10 * kPage);
    }
    CHECK(all.count() == 2);
}

TEST_CASE("what was said once is not said again") {
    struct Sink final : dev::ByteSink {
        void write(std::span<const std::uint8_t> bytes) override { text += as_text(bytes); }
        std::string text;
    } sink;
    OnceSink once(sink);
    once.write(as_bytes("hello "));
    std::uint64_t position = once.position();
    once.write(as_bytes("wor"));
    once.go_back_to(position);
    once.write(as_bytes("world"));
    once.write(as_bytes("!"));
    CHECK(sink.text == "hello world!");
}

}  // namespace
}  // namespace nyx::replay

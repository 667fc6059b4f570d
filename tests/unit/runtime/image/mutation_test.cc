// No file makes inspect() read outside it or break its promises. Random but repeatable: the seed is the number of the
// round.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "made_images.h"
#include "runtime/image/image.h"

using namespace nyx;
using namespace nyx::image;

namespace {

constexpr int kRounds = 20'000;

void check_segments(const std::vector<Segment>& segments, std::uint64_t file_size) {
    std::uint64_t end = 0;
    for (const Segment& s : segments) {
        CHECK(s.file.base + s.file.size <= file_size);
        CHECK(s.file.size <= s.memory.size);
        CHECK(s.memory.base >= end);
        CHECK(checked_add(s.memory.base, s.memory.size));
        end = s.memory.end();
    }
}

bool is_loaded(const std::vector<Segment>& segments, std::uint64_t address) {
    return std::ranges::any_of(segments, [&](const Segment& s) { return s.memory.contains(address); });
}

void check_promises(ByteView file) {
    auto info = inspect(file);
    if (!info) {
        CHECK(!info.error().message.empty());
        return;
    }
    if (const auto* elf = std::get_if<Elf>(&info->format)) {
        check_segments(elf->segments, file.size());
        CHECK(is_loaded(elf->segments, elf->entry));
        if (elf->pvh_entry) CHECK(is_loaded(elf->segments, *elf->pvh_entry));
    }
    if (const auto* kernel = std::get_if<BzImage>(&info->format)) {
        CHECK(kernel->protected_mode.end() == file.size());
        CHECK(kernel->setup_header.end() <= 0x290);
        (void)bzimage_load_address(*kernel, 0x8000000);
    }
    if (info->multiboot && info->multiboot->addresses) {
        check_segments({info->multiboot->addresses->segment}, file.size());
        CHECK(info->multiboot->addresses->segment.memory.contains(info->multiboot->addresses->entry));
    }
}

// Headers are small: most mutations hit them. Values at the edges of their type are the likely troublemakers.
void mutate(Bytes& file, std::mt19937& random) {
    const std::uint8_t edges[] = {0, 1, 0x7F, 0x80, 0xFE, 0xFF};
    auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    for (std::size_t i = 0, n = 1 + below(6); i < n; ++i) {
        const std::size_t at = below(std::min<std::size_t>(file.size(), below(4) == 0 ? file.size() : 0x300));
        const std::size_t length = std::min<std::size_t>(1 + below(8), file.size() - at);
        const std::uint8_t value = below(2) == 0 ? edges[below(6)] : static_cast<std::uint8_t>(random());
        std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(at), length, value);
    }
    if (below(8) == 0) file.resize(below(file.size()) + 1);
}

}  // namespace

TEST_CASE("mutated images keep the promises of image.h") {
    const Bytes images[] = {
        made::elf({.pvh_entry = 0x100000}), made::elf({.is_64 = false, .pvh_entry = 0x100000}),
        made::elf({.segments = {{.contents = Bytes(32, 1)}, {.paddr = 0x200000, .contents = Bytes(32, 1)}}}),
        made::bzimage(), made::multiboot()};
    for (int round = 0; round < kRounds; ++round) {
        std::mt19937 random(static_cast<std::uint32_t>(round));
        Bytes file = images[static_cast<std::size_t>(round) % std::size(images)];
        mutate(file, random);
        CAPTURE(round);
        check_promises(file);
    }
}

#include "runtime/image/image.h"

#include <doctest/doctest.h>

#include "made_images.h"

using namespace nyx;
using namespace nyx::image;

namespace {

bool says(const Error& error, std::string_view part) {
    return error.message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a 64-bit ELF gives its segments in order and its entry") {
    const Bytes file =
        made::elf({.entry = 0x201000,
                   .segments = {{.paddr = 0x200000, .vaddr = 0x200000, .contents = Bytes(0x2000, 1)},
                                {.paddr = 0x100000, .vaddr = 0x100000, .contents = Bytes(16, 2), .memsz = 0x5000}}});
    auto elf = inspect_elf(file);
    REQUIRE(elf);
    CHECK(elf->is_64);
    CHECK(elf->entry == 0x201000);
    CHECK(!elf->pvh_entry);
    REQUIRE(elf->segments.size() == 2);
    CHECK(elf->segments[0].memory == Range{0x100000, 0x5000});
    CHECK(elf->segments[0].file == Range{0x3000, 16});
    CHECK(elf->segments[1].memory == Range{0x200000, 0x2000});
}

TEST_CASE("an ELF with a PVH note, 32 and 64 bits") {
    for (bool is_64 : {false, true}) {
        auto elf = inspect_elf(made::elf({.is_64 = is_64, .pvh_entry = 0x100010}));
        REQUIRE(elf);
        CHECK(elf->is_64 == is_64);
        CHECK(elf->pvh_entry == 0x100010U);
    }
    auto outside = inspect_elf(made::elf({.pvh_entry = 0x500000}));
    REQUIRE(!outside);
    CHECK(says(outside.error(), "PVH entry 0x500000"));
}

TEST_CASE("a virtual ELF entry becomes physical, a physical one stays") {
    const made::ElfSegment high{.paddr = 0x1000000, .vaddr = 0xFFFFFFFF81000000, .contents = Bytes(64, 1)};
    auto by_virtual = inspect_elf(made::elf({.entry = 0xFFFFFFFF81000010, .segments = {high}}));
    REQUIRE(by_virtual);
    CHECK(by_virtual->entry == 0x1000010);
    auto by_physical = inspect_elf(made::elf({.entry = 0x1000020, .segments = {high}}));
    REQUIRE(by_physical);
    CHECK(by_physical->entry == 0x1000020);
}

TEST_CASE("ELF mistakes are named") {
    auto error_of = [](const Bytes& file) {
        auto result = inspect_elf(file);
        REQUIRE(!result);
        return result.error();
    };
    CHECK(says(error_of({}), "an empty file"));
    CHECK(says(error_of({0x1F, 0x8B, 8, 0}), "gzip"));
    CHECK(says(error_of(made::bzimage()), "a Linux bzImage"));
    Bytes cut = made::elf();
    cut.resize(0x1010);
    CHECK(says(error_of(cut), "cut short"));
    cut.resize(40);
    CHECK(says(error_of(cut), "ends inside its header"));
    Bytes arm = made::elf();
    arm[18] = 183;
    CHECK(error_of(arm).code == ErrorCode::kUnsupported);
    CHECK(says(error_of(made::elf({.entry = 0x9000})), "entry 0x9000"));
    CHECK(says(error_of(made::elf({.segments = {}})), "without anything to load"));
    const made::ElfSegment a{.contents = Bytes(0x1001, 1)};
    const made::ElfSegment b{.paddr = 0x101000, .vaddr = 0x101000, .contents = Bytes(16, 1)};
    CHECK(says(error_of(made::elf({.segments = {a, b}})), "overlap"));
    const made::ElfSegment wrapping{.paddr = ~std::uint64_t{0} - 8, .contents = Bytes(16, 1)};
    CHECK(says(error_of(made::elf({.segments = {wrapping}})), "wraps around"));
}

TEST_CASE("a bzImage's setup header") {
    const Bytes file = made::bzimage();
    auto kernel = inspect_bzimage(file);
    REQUIRE(kernel);
    CHECK(kernel->version == 0x20F);
    CHECK(kernel->setup_header == Range{0x1F1, 0x26A - 0x1F1});
    CHECK(kernel->protected_mode == Range{4 * 512, 0x1000});
    CHECK(kernel->pref_address == 0x1000000);
    CHECK(kernel->has_64bit_entry());
    CHECK(kernel->relocatable);
    auto info = inspect(file);
    REQUIRE(info);
    CHECK(std::holds_alternative<BzImage>(info->format));
    CHECK(info->kind() == "Linux bzImage");
}

TEST_CASE("where a bzImage goes") {
    auto kernel = inspect_bzimage(made::bzimage());
    REQUIRE(kernel);
    CHECK(bzimage_load_address(*kernel, 0x8000000) == 0x1000000U);
    CHECK(bzimage_load_address(*kernel, 0x400000) == 0x200000U);
    CHECK(!bzimage_load_address(*kernel, 0x280000));
    kernel->relocatable = false;
    CHECK(!bzimage_load_address(*kernel, 0x400000));
}

TEST_CASE("bzImages that cannot be booted") {
    CHECK(inspect_bzimage(made::bzimage({.version = 0x204})).error().code == ErrorCode::kUnsupported);
    CHECK(says(inspect_bzimage(made::bzimage({.kernel = {}})).error(), "cut short"));
    CHECK(says(inspect_bzimage(made::bzimage({.init_size = 16})).error(), "init_size"));
    CHECK(says(inspect_bzimage(made::elf()).error(), "not a Linux bzImage: an ELF"));
}

TEST_CASE("a multiboot header with address fields") {
    auto header = inspect_multiboot(made::multiboot());
    REQUIRE(header);
    REQUIRE(header->addresses);
    CHECK(header->addresses->segment.file == Range{0, 64});
    CHECK(header->addresses->segment.memory == Range{0x100000, 64 + 0x100});
    CHECK(header->addresses->entry == 0x100020);
    CHECK(header->aligns_modules());
    Bytes shifted = made::multiboot();
    shifted.insert(shifted.begin(), 4, 0);  // what stands before load_addr in the file is not loaded
    REQUIRE(inspect_multiboot(shifted));
    CHECK(inspect_multiboot(shifted)->addresses->segment.file == Range{4, 64});
}

TEST_CASE("multiboot mistakes") {
    Bytes bad_sum = made::multiboot();
    bad_sum[8] ^= 1;
    CHECK(says(inspect_multiboot(bad_sum).error(), "no multiboot header"));
    CHECK(inspect_multiboot(made::multiboot(0x10007)).error().code == ErrorCode::kUnsupported);
    Bytes late = made::multiboot();
    late.insert(late.begin(), 8192, 0);
    CHECK(!inspect_multiboot(late));
    // A header that asks for what is not provided does not make other files unreadable.
    auto info = inspect(made::multiboot(0x10007));
    REQUIRE(info);
    CHECK(!info->multiboot);
}

TEST_CASE("sizes of firmware") {
    CHECK(check_firmware(Bytes(0x1000)));
    CHECK(check_firmware(Bytes(0x20000)));
    CHECK(!check_firmware(Bytes(0x11000)));
    CHECK(!check_firmware({}));
    CHECK(!check_firmware(Bytes(kMaxFirmwareSize + 0x10000)));
}

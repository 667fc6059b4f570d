// Disk images on real files: both stores do the same, and an image has one writer.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "devices/storage/open_image.h"
#include "runtime/base/bytes.h"
#include "runtime/base/file.h"
#include "runtime/base/mac_address.h"
#include "runtime/base/port_forward.h"

using namespace nyx;
using namespace nyx::dev;

namespace {

struct Image {
    std::filesystem::path folder;
    std::string path;

    explicit Image(std::uint64_t size) {
        std::string name = (std::filesystem::temp_directory_path() / "nyx-storage-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder = name;
        path = name + "/disk.img";
        REQUIRE(write_file(path, ByteView()));
        REQUIRE(::truncate(path.c_str(), static_cast<off_t>(size)) == 0);
    }
    ~Image() {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
};

int done_with(BlockStore& store, BlockRequest request) {
    int result = -1;
    request.done = [&](int error) { result = error; };
    store.submit(std::move(request));
    store.drain();
    return result;
}

int transfer(BlockStore& store, BlockRequest::Kind kind, std::uint64_t offset,
             std::vector<std::span<std::uint8_t>> buffers) {
    BlockRequest request;
    request.kind = kind;
    request.offset = offset;
    for (auto buffer : buffers) request.size += buffer.size();
    request.buffers = std::move(buffers);
    return done_with(store, std::move(request));
}

int plain(BlockStore& store, BlockRequest::Kind kind, std::uint64_t offset, std::uint64_t size, bool unmap = false) {
    BlockRequest request;
    request.kind = kind;
    request.offset = offset;
    request.size = size;
    request.unmap = unmap;
    return done_with(store, std::move(request));
}

}  // namespace

TEST_CASE("storage: both stores write, read, zero and flush alike") {
    using Kind = BlockRequest::Kind;
    for (StoreMode mode : {StoreMode::kSynchronous, StoreMode::kAsynchronous}) {
        Image image(1 << 20);
        auto store = open_image(image.path, false, mode);
        REQUIRE(store);
        CHECK((*store)->size() == 1 << 20);
        Bytes one(4096, 0x11), two(512, 0x22), back(4608);
        CHECK(transfer(**store, Kind::kWrite, 8192, {one, two}) == 0);
        CHECK(plain(**store, Kind::kFlush, 0, 0) == 0);
        CHECK(transfer(**store, Kind::kRead, 8192, {std::span(back).first(100), std::span(back).subspan(100)}) == 0);
        CHECK(back[4095] == 0x11);
        CHECK(back[4096] == 0x22);
        CHECK(plain(**store, Kind::kWriteZeroes, 8192, 4096) == 0);
        CHECK(plain(**store, Kind::kWriteZeroes, 12288, 512, true) == 0);
        CHECK(plain(**store, Kind::kDiscard, 0, 4096) == 0);
        CHECK(transfer(**store, Kind::kRead, 8192, {back}) == 0);
        CHECK(std::ranges::all_of(back, [](std::uint8_t byte) { return byte == 0; }));
        CHECK(std::filesystem::file_size(image.path) == 1 << 20);
    }
}

TEST_CASE("storage: many requests at once are all done") {
    Image image(1 << 20);
    auto store = open_image(image.path, false, StoreMode::kAsynchronous);
    REQUIRE(store);
    std::vector<Bytes> buffers;
    for (int i = 0; i < 200; ++i) buffers.emplace_back(512, static_cast<std::uint8_t>(i));
    int done = 0;
    for (std::size_t i = 0; i < buffers.size(); ++i) {
        BlockRequest request;
        request.kind = BlockRequest::Kind::kWrite;
        request.offset = i * 512;
        request.size = 512;
        request.buffers = {buffers[i]};
        request.done = [&](int error) { done += error == 0; };
        (*store)->submit(std::move(request));
    }
    (*store)->drain();
    CHECK(done == 200);
    Bytes last(512);
    CHECK(transfer(**store, BlockRequest::Kind::kRead, 199 * 512, {last}) == 0);
    CHECK(last[511] == 199);
}

TEST_CASE("storage: an image that became shorter is an error of the host's, not a crash") {
    for (StoreMode mode : {StoreMode::kSynchronous, StoreMode::kAsynchronous}) {
        Image image(8192);
        auto store = open_image(image.path, false, mode);
        REQUIRE(store);
        REQUIRE(::truncate(image.path.c_str(), 4096) == 0);
        Bytes back(4096);
        CHECK(transfer(**store, BlockRequest::Kind::kRead, 2048, {back}) != 0);
    }
}

TEST_CASE("storage: an image has one writer, or any number of readers") {
    Image image(8192);
    {
        auto writer = open_image(image.path, false, StoreMode::kSynchronous);
        REQUIRE(writer);
        auto second = open_image(image.path, false, StoreMode::kSynchronous);
        REQUIRE(!second);
        CHECK(second.error().code == ErrorCode::kPermission);
        CHECK(!open_image(image.path, true, StoreMode::kSynchronous));
    }
    auto reader = open_image(image.path, true, StoreMode::kSynchronous);
    REQUIRE(reader);
    CHECK((*reader)->read_only());
    CHECK(open_image(image.path, true, StoreMode::kAsynchronous));
    CHECK(!open_image(image.path, false, StoreMode::kSynchronous));
}

TEST_CASE("storage: what is no image is refused") {
    Image image(511);
    CHECK(!open_image(image.path, false, StoreMode::kSynchronous));
    CHECK(!open_image(image.folder.string(), true, StoreMode::kSynchronous));
    CHECK(open_image(image.path + "x", false, StoreMode::kSynchronous).error().code == ErrorCode::kNotFound);
}

TEST_CASE("forwarded ports are read as the wiring has them") {
    auto forward = parse_forward("tcp(8080, 80, false)");
    REQUIRE(forward);
    CHECK(!forward->udp);
    CHECK(forward->host == 8080);
    CHECK(forward->guest == 80);
    CHECK(!forward->any_address);
    CHECK(parse_forward("udp(53,5353,true)")->any_address);
    for (const char* wrong : {"", "tcp", "tcp()", "tcp(1)", "tcp(0, 80)", "tcp(65536, 80)", "sctp(1, 2)", "tcp(1, 2",
                              "tcp(1, 2, 3)", "tcp(1, 2, true, true)", "tcp(-1, 2)"})
        CHECK(!parse_forward(wrong));
}

TEST_CASE("Ethernet addresses as text and number") {
    CHECK(mac_address("02:4e:79:00:00:01") == 0x024E79000001);
    CHECK(mac_address("FF:ff:00:00:00:00") == 0xFFFF00000000);
    CHECK(mac_text(0x024E79000001) == "02:4e:79:00:00:01");
    for (const char* wrong :
         {"", "02:4e:79:00:00", "02:4e:79:00:00:1", "02-4e-79-00-00-01", "02:4e:79:00:00:0g", "02:4e:79:00:00:001"})
        CHECK(!mac_address(wrong));
}

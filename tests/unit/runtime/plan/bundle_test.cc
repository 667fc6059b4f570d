#include <doctest/doctest.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <random>

#include "runtime/base/file.h"
#include "runtime/plan/bundle.h"
#include "runtime/plan/plan_json.h"
#include "tests/unit/runtime/plan/sample_plan.h"

using namespace nyx;
using namespace nyx::plan;

namespace {

Bytes sample_bundle() {
    auto bytes = write_bundle(sample_contents());
    REQUIRE_MESSAGE(bytes, bytes.error().message);
    return *bytes;
}

// A folder that is removed at the end of the test.
struct Folder {
    std::string path = make();
    static std::string make() {
        char name[] = "/tmp/nyx-bundle-XXXXXX";
        REQUIRE(::mkdtemp(name));
        return name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

void refresh_digest(Bytes& bytes) {
    auto count = load_le<std::uint32_t>(bytes.data() + 12);
    Digest digest = header_digest(ByteView(bytes).first(kHeaderSize + count * kEntrySize));
    std::copy(digest.begin(), digest.end(), bytes.begin() + kHeaderDigestAt);
}

std::uint8_t* entry(Bytes& bytes, std::size_t index) {
    return bytes.data() + kHeaderSize + index * kEntrySize;
}

Error refused(const Bytes& bytes) {
    auto bundle = Bundle::read(bytes, "web.nyxb");
    REQUIRE(!bundle);
    CHECK(bundle.error().message.starts_with("web.nyxb: "));
    CHECK(!bundle.error().hint.empty());
    return bundle.error();
}

void expect(const Bytes& bytes, const std::string& part) {
    Error error = refused(bytes);
    INFO(error.message);
    CHECK(error.message.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("a bundle gives back what was put in, and the same contents give the same bytes") {
    Bytes bytes = sample_bundle();
    CHECK(bytes == sample_bundle());
    auto bundle = Bundle::read(bytes, "web.nyxb");
    REQUIRE_MESSAGE(bundle, bundle.error().message);
    CHECK(bundle->plan_hash() == plan_hash(sample_plan()));
    CHECK(bundle->wiring() == sample_contents().wiring);
    CHECK(bundle->section("script")->size() == 3);
    CHECK(!bundle->section("smbios"));
    auto kernel = bundle->image("kernel");
    REQUIRE(kernel);
    CHECK(std::ranges::equal(kernel->bytes(), sample_kernel()));
    CHECK((kernel->bytes().data() - bytes.data()) % 4096 == 0);
    CHECK(!bundle->image("firmware"));
}

TEST_CASE("preferences are in the bundle and not in the plan, and without any there is no section for them") {
    CHECK(!Bundle::read(sample_bundle(), "web.nyxb")->section("preferences"));
    BundleContents contents = sample_contents();
    contents.preferences = {"soft", "user"};
    auto bytes = write_bundle(contents);
    REQUIRE(bytes);
    auto bundle = Bundle::read(*bytes, "web.nyxb");
    REQUIRE_MESSAGE(bundle, bundle.error().message);
    CHECK(bundle->preferences() == contents.preferences);
    CHECK(bundle->plan_hash() == plan_hash(sample_plan()));
    contents.preferences = {"hvf", ""};
    bytes = write_bundle(contents);
    REQUIRE(bytes);
    expect(*bytes, "section 'preferences': accelerator");
}

TEST_CASE("a referenced image is found beside the bundle and verified") {
    Folder folder;
    std::string path = folder.path + "/web.nyxb";
    REQUIRE(write_file(path, sample_bundle()));
    auto bundle = Bundle::open(path);
    REQUIRE(bundle);
    auto missing = bundle->image("initrd");
    REQUIRE(!missing);
    CHECK(missing.error().code == ErrorCode::kNotFound);
    CHECK(missing.error().message.find(folder.path + "/initrd.img") != std::string::npos);
    REQUIRE(write_file(folder.path + "/initrd.img", sample_initrd()));
    auto image = bundle->image("initrd");
    REQUIRE(image);
    CHECK(std::ranges::equal(image->bytes(), sample_initrd()));
    REQUIRE(write_file(folder.path + "/initrd.img", sample_kernel()));
    auto other = bundle->image("initrd");
    REQUIRE(!other);
    CHECK(other.error().message.find(to_hex(sha256(sample_initrd()))) != std::string::npos);
    CHECK(other.error().message.find(to_hex(sha256(sample_kernel()))) != std::string::npos);
    CHECK(!Bundle::open(folder.path));
    CHECK(Bundle::open(folder.path + "/none").error().code == ErrorCode::kNotFound);
}

TEST_CASE("a bundle cut at any byte is refused") {
    Bytes bytes = sample_bundle();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        Error error = refused(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
        CHECK(error.code == ErrorCode::kCorrupt);
    }
    expect({}, "the file is empty");
    expect(Bytes(bytes.begin(), bytes.end() - 1), "truncated");
    expect(Bytes(bytes.begin(), bytes.begin() + 20), "truncated");
}

TEST_CASE("a bundle with any one bit flipped is refused") {
    Bytes bytes = sample_bundle();
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        Bytes changed = bytes;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1u << (bit % 8)));
        auto bundle = Bundle::read(changed, "web.nyxb");
        REQUIRE_MESSAGE(!bundle, "bit " << bit);
    }
}

TEST_CASE("each kind of damage has its own message") {
    Bytes bytes = sample_bundle();
    Bytes changed = bytes;
    changed.push_back(0);
    expect(changed, "1 bytes follow the end");
    changed = bytes;
    changed[0] = 'M';
    expect(changed, "not a Nyx bundle");
    changed = bytes;
    changed[8] = 3;
    Error newer = refused(changed);
    CHECK(newer.code == ErrorCode::kUnsupported);
    CHECK(newer.message == "web.nyxb: built by a newer nyxc (format 3, this nyx reads up to 1)");
    changed = bytes;
    changed[70] ^= 1;
    expect(changed, "header or section table is damaged");
    changed = bytes;
    changed.back() ^= 1;
    expect(changed, "section 'image:kernel' is damaged");
}

TEST_CASE("a table with a valid digest is not trusted either") {
    Bytes bytes = sample_bundle();
    auto with = [&](auto change) {
        Bytes changed = bytes;
        change(changed);
        refresh_digest(changed);
        return changed;
    };
    auto offset_of = [](Bytes& b, std::size_t index) { return load_le<std::uint64_t>(entry(b, index) + 32); };
    expect(with([&](Bytes& b) { store_le(entry(b, 1) + 32, offset_of(b, 0)); }), "section 'wiring' overlaps 'plan'");
    expect(with([&](Bytes& b) { store_le<std::uint64_t>(entry(b, 0) + 32, 0); }),
           "section 'plan' overlaps the section table");
    expect(with([&](Bytes& b) { std::memcpy(entry(b, 1), "plan\0\0\0", 7); }), "section 'plan' appears twice");
    expect(with([&](Bytes& b) { std::memcpy(entry(b, 1), "wirin\0g", 7); }), "section 1 has a name");
    expect(with([&](Bytes& b) { std::memset(entry(b, 1), 'x', kEntryNameSize); }), "section 1 has a name");
    expect(with([&](Bytes& b) { store_le(entry(b, 5) + 40, ~std::uint64_t{0}); }), "leaves the file");
    expect(with([&](Bytes& b) { store_le(entry(b, 5) + 32, offset_of(b, 5) + 16); }), "leaves the file");
    expect(with([&](Bytes& b) { store_le(entry(b, 4) + 32, offset_of(b, 4) + 16); }),
           "section 'script' is not where it belongs");
    expect(with([&](Bytes& b) { store_le<std::uint64_t>(b.data() + 56, 1); }), "reserved");
    expect(with([&](Bytes& b) { store_le<std::uint64_t>(entry(b, 5) + 40, 299); }), "follow the last section");
    for (std::uint32_t count : {0u, 33u, ~0u}) {
        Bytes changed = bytes;
        store_le(changed.data() + 12, count);
        expect(changed, "sections cannot be");
    }
}

TEST_CASE("contents that do not fit their plan are not written") {
    auto broken = [](auto change) {
        BundleContents contents = sample_contents();
        change(contents);
        return !write_bundle(contents);
    };
    CHECK(broken([](auto& c) { c.images.clear(); }));
    CHECK(broken([](auto& c) { c.references["kernel"] = "kernel"; }));
    const Bytes one{1};
    CHECK(broken([](auto& c) { c.images["kernel"] = c.images["kernel"].subspan(1); }));
    CHECK(broken([&](auto& c) { c.images["other"] = one; }));
    CHECK(broken([](auto& c) { c.references["other"] = "x"; }));
    CHECK(broken([](auto& c) { c.tables.clear(); }));
    CHECK(broken([](auto& c) { c.tables["smbios"] = {1}; }));
    CHECK(broken([](auto& c) { c.plan.name.clear(); }));
}

TEST_CASE("no mutation of a bundle crashes the reader") {
    Bytes bytes = sample_bundle();
    std::mt19937 random(1);
    for (int round = 0; round < 20000; ++round) {
        Bytes changed = bytes;
        for (unsigned edits = 1 + random() % 4; edits > 0; --edits) {
            std::size_t at = random() % (random() % 2 ? changed.size() : kHeaderSize + 6 * kEntrySize);
            changed[at] = static_cast<std::uint8_t>(random());
        }
        if (random() % 4 == 0) changed.resize(random() % (changed.size() + 1));
        if (changed.size() >= kHeaderSize + 6 * kEntrySize && random() % 2) {
            store_le<std::uint32_t>(changed.data() + 12, 6);
            refresh_digest(changed);
        }
        auto bundle = Bundle::read(changed, "web.nyxb");
        if (bundle) CHECK(changed == bytes);
    }
}

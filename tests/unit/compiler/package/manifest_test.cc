#include "compiler/package/manifest.h"

#include <doctest/doctest.h>

#include <random>

#include "compiler/diagnostics/console.h"
#include "compiler/package/lock.h"

namespace nyx::package {

namespace {

const std::string kGood = R"(name: shop
version: 1.2.3
nyx: ">=0.1.0"
dependencies:
  common: { path: ../common }
  boards:
    git: https://example.org/boards.git
    rev: 8f14e45fceea167a5a36dedd4bea2543c1b6d7f0
)";

struct Read {
    source::SourceMap sources;
    diagnostics::Sink sink;
    std::optional<Manifest> manifest;
    explicit Read(const std::string& text) {
        manifest = read_manifest(sources, sources.add("shop/nyx.yaml", text), "0.1.0", sink);
    }
};

}  // namespace

TEST_CASE("a package file is read with its places") {
    Read read(kGood);
    REQUIRE(read.manifest.has_value());
    CHECK(read.manifest->folder == "shop");
    CHECK(read.manifest->name == "shop");
    REQUIRE(read.manifest->dependencies.size() == 2);
    CHECK_FALSE(read.manifest->dependencies[0].is_git());
    CHECK(read.manifest->dependencies[1].is_git());
    CHECK(read.sources.text(read.manifest->dependencies[0].source_where) == "../common");
    CHECK(read.sources.text(read.manifest->dependencies[1].where) == "boards");
}

TEST_CASE("addresses that could be options or other programs are refused") {
    for (const char* good : {"https://h/x", "ssh://git@h:22/x", "file:///srv/x"}) CHECK(refused_address(good).empty());
    for (const char* bad : {"", "-x", "--upload-pack=x", "ext::sh", "http://h/x", "git://h/x", "ssh://-oProxyCommand=x",
                            "ssh://a@-o/x", "https://h/a b", "https://h/\n", "/srv/x", "git@h:x", "https://"})
        CHECK_FALSE(refused_address(bad).empty());
    CHECK(is_commit(std::string(40, 'a')));
    for (const char* bad : {"", "main", "8f14e45", "8F14E45FCEEA167A5A36DEDD4BEA2543C1B6D7F0",
                            "-8f14e45fceea167a5a36dedd4bea2543c1b6d7f"})
        CHECK_FALSE(is_commit(bad));
}

TEST_CASE("a lock file reads back as it was written") {
    PackageLock lock;
    lock["boards"] = {"https://h/b", std::string(40, '1'), std::string(64, '2'), {}};
    source::SourceMap sources;
    diagnostics::Sink sink;
    auto again = read_lock(sources, sources.add("nyx.lock.yaml", lock_text(lock)), sink);
    REQUIRE(again.has_value());
    CHECK(lock_text(*again) == lock_text(lock));
    auto none = read_lock(sources, sources.add("empty", lock_text({})), sink);
    CHECK((none && none->empty()));
    CHECK_FALSE(sink.has_errors());
}

TEST_CASE("mutations are a package or mistakes inside the text") {
    std::mt19937 dice(3);
    for (int i = 0; i < 5000; ++i) {
        std::string text = kGood;
        for (std::size_t count = 1 + dice() % 5; count > 0; --count) {
            std::size_t at = dice() % text.size();
            if (dice() % 2 == 0) {
                text[at] = static_cast<char>(dice() % 256);
            } else {
                text.insert(at, text.substr(at, dice() % 30));
            }
        }
        Read read(text);
        CHECK(read.manifest.has_value() != read.sink.has_errors());
        for (const auto& diagnostic : read.sink.all()) {
            CHECK(diagnostic.primary.span.end <= text.size());
            diagnostics::console_text(read.sources, diagnostic, false);
        }
    }
}

}  // namespace nyx::package

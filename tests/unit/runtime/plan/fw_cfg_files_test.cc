// The image of fw_cfg's files: what is written is read, and what was not written so is refused.
#include <doctest/doctest.h>

#include "runtime/plan/fw_cfg_files.h"

using namespace nyx;
using namespace nyx::plan;

namespace {

Bytes bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

Bytes sample() {
    return fw_cfg_image({{"opt/b", bytes_of("second")}, {"opt/a", {}}, {std::string(55, 'x'), bytes_of("third")}});
}

}  // namespace

TEST_CASE("files are in the order of their names, whatever order they were given in") {
    const Bytes image = sample();
    const auto items = FwCfgItems::read(image);
    REQUIRE_MESSAGE(items, items.error().text());
    const ByteView directory = items->item(FwCfgItems::kDirectory);
    REQUIRE(directory.size() == 4 + 3 * 64);
    CHECK(directory[3] == 3);
    CHECK(as_text(directory.subspan(4 + 8, 6)) == std::string_view("opt/a\0", 6));
    CHECK(directory[4 + 64 + 3] == 6);     // size, big-endian
    CHECK(directory[4 + 64 + 5] == 0x21);  // key
    CHECK(items->item(0x20).empty());
    CHECK(as_text(items->item(0x21)) == "second");
    CHECK(as_text(items->item(0x22)) == "third");
    CHECK(items->item(0x23).empty());
    CHECK(items->item(0).empty());
    CHECK(items->item(0xFFFF).empty());
    CHECK(fw_cfg_image({{"opt/a", {}}, {std::string(55, 'x'), bytes_of("third")}, {"opt/b", bytes_of("second")}}) ==
          image);
}

TEST_CASE("without files there is an empty directory") {
    CHECK(FwCfgItems().item(FwCfgItems::kDirectory).size() == 4);
    CHECK(FwCfgItems::read(fw_cfg_image({})));
}

TEST_CASE("an image that nobody would have written is refused") {
    const Bytes good = sample();
    for (std::size_t size = 0; size < good.size(); ++size) CHECK(!FwCfgItems::read(ByteView(good).first(size)));
    const auto refused = [&](std::size_t at, std::uint8_t value) {
        Bytes bad = good;
        bad[at] = value;
        const auto items = FwCfgItems::read(bad);
        return !items && items.error().code == ErrorCode::kCorrupt;
    };
    CHECK(refused(0, 0xFF));            // so many files
    CHECK(refused(3, 2));               // a file less
    CHECK(refused(4 + 3, 1));           // a byte more in a file
    CHECK(refused(4 + 5, 0x21));        // another key
    CHECK(refused(4 + 7, 1));           // what is reserved
    CHECK(refused(4 + 8, 0));           // a name that is empty
    CHECK(refused(4 + 8, ' '));         // that has a space
    CHECK(refused(4 + 8, 'z'));         // that stands in another place
    CHECK(refused(4 + 8 + 4, 'b'));     // that is there twice
    CHECK(refused(4 + 8 + 20, 'b'));    // that goes on behind its end
    CHECK(refused(4 + 128 + 63, 'x'));  // that has no end
    Bytes more = good;
    more.push_back(0);
    CHECK(!FwCfgItems::read(more));
}

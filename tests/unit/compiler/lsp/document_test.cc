#include <doctest/doctest.h>

#include "compiler/lsp/document.h"
#include "compiler/lsp/transport.h"

using namespace nyx::lsp;

TEST_CASE("columns count UTF-16 code units (LSP 3.17, Position)") {
    Document document("a\xC3\xA9\xF0\x9F\x98\x80z\nnext");  // a é 😀 z
    CHECK(document.offset({0, 1}) == 1);
    CHECK(document.offset({0, 2}) == 3);
    CHECK(document.offset({0, 4}) == 7);
    CHECK(document.position(7) == Position{0, 4});
    CHECK(document.position(8) == Position{0, 5});
    CHECK(document.offset({1, 2}) == 11);
    CHECK(document.offset({0, 99}) == 8);
    CHECK(document.offset({99, 0}) == document.text().size());
}

TEST_CASE("bytes that are not UTF-8 count one each") {
    Document document("\xFF\xC3");
    CHECK(document.position(1) == Position{0, 1});
    CHECK(document.position(2) == Position{0, 2});
}

TEST_CASE("an edit replaces a range, a reversed one the right way round") {
    Document document("one\ntwo\nthree");
    document.replace({1, 3}, {1, 0}, "2");
    CHECK(document.text() == "one\n2\nthree");
    document.replace({0, 3}, {2, 0}, " ");
    CHECK(document.text() == "one three");
    CHECK(document.position(4) == Position{0, 4});
}

TEST_CASE("lines end with any of the three ends") {
    Document document("a\rb\r\nc\nd");
    CHECK(document.position(2) == Position{1, 0});
    CHECK(document.offset({1, 9}) == 3);
    CHECK(document.position(5) == Position{2, 0});
    CHECK(document.offset({3, 0}) == 7);
}

TEST_CASE("messages are found in any portions, whatever the case of the header") {
    MessageReader reader;
    for (char c : std::string("content-length: 2\r\n\r\n{}Content-Length:4\nX: y\r\n\r\nnull")) {
        reader.append({&c, 1});
    }
    CHECK(*reader.next() == "{}");
    CHECK(*reader.next() == "null");
    CHECK(!reader.next());
}

TEST_CASE("nonsense is skipped up to the next header, and nothing is kept of it") {
    const std::string good = "Content-Length: 2\r\n\r\n{}";
    for (const std::string& bad :
         {std::string("Content-Length: x\r\n\r\n{\"a\": 1}"), std::string("Length: 1\r\n\r\nz"),
          std::string("Content-Length: 99999999999\r\n\r\n"), std::string("Content-Length: -1\r\n\r\n"),
          std::string(3 * kMaxHeader, 'a') + "\n", std::string("\0\xFF\r\n\r\n\n", 7)}) {
        CAPTURE(bad);
        MessageReader reader;
        reader.append(bad + good);
        auto found = reader.next();
        REQUIRE(found);
        CHECK(*found == "{}");
        CHECK(!reader.next());
    }
}

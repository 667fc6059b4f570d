#include "compiler/syntax/literals.h"

#include <doctest/doctest.h>

#include "runtime/base/utf8.h"

namespace nyx::syntax {

TEST_CASE("integers at the edges of 64 bits") {
    CHECK(parse_integer("9223372036854775807").value == INT64_MAX);
    CHECK(parse_integer("9223372036854775808").error == NumberError::kTooLarge);
    CHECK(parse_integer("0xffff_ffff_ffff_ffff").value == -1);
    CHECK(parse_integer("0x10000000000000000").error == NumberError::kTooLarge);
    CHECK(parse_integer("0x").error == NumberError::kMalformed);
    CHECK(parse_integer("0b102").error == NumberError::kMalformed);
    CHECK(parse_integer("0XfF").value == 255);
}

TEST_CASE("escapes give UTF-8") {
    CHECK(unescape(R"(a\n\x41\u{1F600}\$)", nullptr) == "a\nA\xF0\x9F\x98\x80$");
    std::size_t bad = 0;
    unescape(R"(\q \x4 \u{110000} \u{d800} \u12 \)", [&](std::size_t, std::size_t) { ++bad; });
    CHECK(bad == 6);
}

TEST_CASE("doc strings lose their indentation") {
    CHECK(dedent("\n    One.\n      Two.\n\n    Three.\n    ") == "One.\n  Two.\n\nThree.");
    CHECK(dedent("One.\n   Two.") == "One.\nTwo.");
    CHECK(dedent("  ") == "");
}

TEST_CASE("UTF-8 is held to RFC 3629") {
    CHECK(find_invalid_utf8("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", 0) == std::string_view::npos);
    for (std::string_view bad :
         {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5", "\xFF"}) {
        CHECK(find_invalid_utf8(bad, 0) == 0);
    }
}

}  // namespace nyx::syntax

// Command lines as a shell and QEMU read them.
#include <doctest/doctest.h>

#include "compiler/interchange/qemu_options.h"
#include "compiler/interchange/shell_words.h"
#include "compiler/interchange/text.h"

namespace nyx::interchange {

namespace {

std::vector<std::string> texts(std::string_view line) {
    std::vector<std::string> all;
    for (const ShellWord& word : shell_words(line).words) all.push_back(word.text);
    return all;
}

}  // namespace

TEST_CASE("quotes, backslashes and continuations make words") {
    CHECK(texts("a 'b c'\"d e\"\\ f") == std::vector<std::string>{"a", "b cd e f"});
    CHECK(texts("a \\\n b\\\r\nc") == std::vector<std::string>{"a", "bc"});
    CHECK(texts("\"a\\\"b\\n\" ''") == std::vector<std::string>{"a\"b\\n", ""});
    CHECK(texts("a#b #c d\ne") == std::vector<std::string>{"a#b", "\n", "e"});
    CHECK(texts("a|b") == std::vector<std::string>{"a", "|", "b"});
}

TEST_CASE("what a shell would expand is marked, and stands as it is") {
    std::vector<ShellWord> words = shell_words("$A '$B' \"$C\" \\$D \"\\$E\"").words;
    REQUIRE(words.size() == 5);
    CHECK(words[0].has_variable);
    CHECK_FALSE(words[1].has_variable);
    CHECK(words[2].has_variable);
    CHECK_FALSE(words[3].has_variable);
    CHECK_FALSE(words[4].has_variable);
    CHECK(words[4].text == "$E");
}

TEST_CASE("an open quote is found where it begins") {
    CHECK(shell_words("ab 'c d").open_quote == 3);
    CHECK(shell_words("'a'").open_quote == std::string_view::npos);
}

TEST_CASE("options have a first value, keys and doubled commas") {
    QemuValue value = qemu_value("2G,slots=4,path=a,,b,flag,slots=8", "size");
    CHECK(*value.find("size") == "2G");
    CHECK(*value.find("slots") == "8");
    CHECK(*value.find("path") == "a,b");
    CHECK(*value.find("flag") == "on");
    CHECK(value.find("maxmem") == nullptr);
    CHECK(qemu_value("size=1G", "size").items.size() == 1);
}

TEST_CASE("sizes are exact") {
    CHECK(qemu_size("512") == 512u << 20);
    CHECK(qemu_size("2G") == std::uint64_t{2} << 30);
    CHECK(qemu_size("1.5g") == std::uint64_t{1536} << 20);
    CHECK(qemu_size("4096B") == 4096);
    CHECK(qemu_size("1.0625K") == 1088);
    for (const char* bad :
         {"", "G", "x", "-1", "1.", ".5G", "1..5G", "1.5.5G", "2X", "99999999E", "nan", "1e9", "1.1234567G"})
        CHECK_FALSE(qemu_size(bad).has_value());
}

TEST_CASE("names become names of Nyx") {
    CHECK(identifier("web-01") == "web_01");
    CHECK(identifier("3rd machine") == "_3rd_machine");
    CHECK(identifier("machine") == "_machine");
    CHECK(identifier("let") == "_let");
    CHECK(identifier("pc") == "_pc");
    CHECK(identifier("") == "imported");
    CHECK(identifier(std::string(200, 'a')).size() == 63);
}

TEST_CASE("texts stay in their place") {
    CHECK(quoted("a\"b\\c${d}") == "\"a\\\"b\\\\c\\${d}\"");
    CHECK(quoted("\n") == "\"\\u{a}\"");
    CHECK(one_line("a\nb\x1b[31m") == "a b [31m");
    CHECK(xml_text(std::string_view("a\x01"
                                    "b")) == "a b");
}

}  // namespace nyx::interchange

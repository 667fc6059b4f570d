// The laws of formatting over random programs, the same ones on every run. NYX_FORMAT_ROUNDS makes it longer,
// NYX_FORMAT_SEED begins elsewhere.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <string>

#include "compiler/syntax/words.h"
#include "generator.h"
#include "laws.h"

namespace nyx::format {

static std::uint32_t number(const char* variable, std::uint32_t otherwise) {
    const char* value = std::getenv(variable);
    return value ? static_cast<std::uint32_t>(std::strtoul(value, nullptr, 10)) : otherwise;
}

TEST_CASE("generated programs keep the laws") {
    std::uint32_t rounds = number("NYX_FORMAT_ROUNDS", 1500), seed = number("NYX_FORMAT_SEED", 1), whole = 0;
    for (std::uint32_t i = 0; i < rounds; ++i) {
        std::string text = Generator(seed + i).program();
        CAPTURE(seed + i);
        CAPTURE(text);
        REQUIRE(broken_law(text) == "");
        whole += formatted(text) ? 1u : 0u;
    }
    // What the generator writes is mostly without syntax errors, or it would test nothing.
    CHECK(whole > rounds / 2);
}

// Blanks, ends of lines and comments between the words of real programs.
static std::string shaken(const std::string& text, std::mt19937& random) {
    constexpr const char* kGaps[] = {" ", "\n", "  # shaken\n", "\n\n\n", "\n# shaken\n", "\n\n# shaken\n\n"};
    diagnostics::Sink sink;
    std::string out;
    std::size_t end = 0;
    for (const syntax::Word& word : syntax::words(text, 0, sink)) {
        out += text.substr(end, word.begin - end);
        if (random() % 12 == 0) out += kGaps[random() % 6];
        out += text.substr(word.begin, word.end - word.begin);
        end = word.end;
    }
    return out;
}

TEST_CASE("programs of the project, shaken, keep the laws") {
    std::mt19937 random(number("NYX_FORMAT_SEED", 1));
    std::uint32_t rounds = number("NYX_FORMAT_ROUNDS", 1500) / 50;
    for (const Sample& sample : samples(std::string(NYX_SOURCE_DIR) + "/tests/corpus")) {
        // One declaration at a time: a place where a line may not end spoils only that.
        for (std::size_t begin = 0; begin < sample.text.size();) {
            std::size_t end = std::min(sample.text.find("\n\n", begin), sample.text.size());
            std::string part = sample.text.substr(begin, end - begin);
            for (std::uint32_t round = 0; round < rounds; ++round) {
                std::string text = shaken(part, random);
                CAPTURE(text);
                REQUIRE(broken_law(text) == "");
            }
            begin = end + 2;
        }
    }
}

}  // namespace nyx::format

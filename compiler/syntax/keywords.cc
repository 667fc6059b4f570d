#include "compiler/syntax/keywords.h"

#include <NyxLexer.h>

#include <algorithm>
#include <array>
#include <utility>

namespace nyx::syntax {

using grammar::NyxLexer;

bool is_reserved(std::string_view word) {
    constexpr std::array<std::string_view, 7> kWords = {"bank",     "derive", "emit", "invariant",
                                                        "override", "phase",  "reg"};
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

bool is_keyword(std::uint16_t type) {
    return type >= NyxLexer::LET && type <= NyxLexer::NOT;
}

std::uint16_t statement_keyword(std::string_view word) {
    using Entry = std::pair<std::string_view, std::uint16_t>;
    static constexpr std::array<Entry, 11> kWords = {{{"device", NyxLexer::DEVICE},
                                                      {"from", NyxLexer::FROM},
                                                      {"machine", NyxLexer::MACHINE},
                                                      {"module", NyxLexer::MODULE},
                                                      {"on", NyxLexer::ON},
                                                      {"recover", NyxLexer::RECOVER},
                                                      {"require", NyxLexer::REQUIRE},
                                                      {"schema", NyxLexer::SCHEMA},
                                                      {"test", NyxLexer::TEST},
                                                      {"typealias", NyxLexer::TYPEALIAS},
                                                      {"use", NyxLexer::USE}}};
    const auto* found =
        std::find_if(kWords.begin(), kWords.end(), [&](const Entry& entry) { return entry.first == word; });
    return found == kWords.end() ? std::uint16_t{0} : found->second;
}

}  // namespace nyx::syntax

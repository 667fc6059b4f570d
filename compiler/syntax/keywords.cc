#include "compiler/syntax/keywords.h"

#include <NyxLexer.h>

#include <algorithm>
#include <array>
#include <utility>

namespace nyx::syntax {

using grammar::NyxLexer;

std::uint16_t device_keyword(std::string_view word) {
    using Entry = std::pair<std::string_view, std::uint16_t>;
    static constexpr std::array<Entry, 15> kWords = {{{"acpi", NyxLexer::ACPI},
                                                      {"bank", NyxLexer::BANK},
                                                      {"derive", NyxLexer::DERIVE},
                                                      {"enum", NyxLexer::ENUM},
                                                      {"host", NyxLexer::HOST},
                                                      {"index", NyxLexer::INDEX},
                                                      {"invariant", NyxLexer::INVARIANT},
                                                      {"migrate", NyxLexer::MIGRATE},
                                                      {"override", NyxLexer::OVERRIDE},
                                                      {"phase", NyxLexer::PHASE},
                                                      {"reg", NyxLexer::REG},
                                                      {"since", NyxLexer::SINCE},
                                                      {"state", NyxLexer::STATE},
                                                      {"timer", NyxLexer::TIMER},
                                                      {"when", NyxLexer::WHEN}}};
    const auto* found =
        std::find_if(kWords.begin(), kWords.end(), [&](const Entry& entry) { return entry.first == word; });
    return found == kWords.end() ? std::uint16_t{0} : found->second;
}

bool is_device_keyword(std::string_view word) {
    return device_keyword(word) != 0 || word == "reset" || word == "stride" || word == "emit" || word == "expect";
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

std::string_view value_meant(std::string_view word) {
    using Entry = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<Entry, 18> kWords = {{{"True", "true"},
                                                      {"TRUE", "true"},
                                                      {"yes", "true"},
                                                      {"Yes", "true"},
                                                      {"on", "true"},
                                                      {"enabled", "true"},
                                                      {"False", "false"},
                                                      {"FALSE", "false"},
                                                      {"no", "false"},
                                                      {"No", "false"},
                                                      {"off", "false"},
                                                      {"disabled", "false"},
                                                      {"None", "null"},
                                                      {"NULL", "null"},
                                                      {"Null", "null"},
                                                      {"nullptr", "null"},
                                                      {"nil", "null"},
                                                      {"undefined", "null"}}};
    const auto* found =
        std::find_if(kWords.begin(), kWords.end(), [&](const Entry& entry) { return entry.first == word; });
    return found == kWords.end() ? std::string_view() : found->second;
}

std::string_view type_meant(std::string_view word) {
    using Entry = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<Entry, 13> kTypes = {{{"integer", "int"},
                                                      {"Integer", "int"},
                                                      {"long", "int"},
                                                      {"size_t", "int"},
                                                      {"uint", "int"},
                                                      {"str", "string"},
                                                      {"String", "string"},
                                                      {"boolean", "bool"},
                                                      {"Boolean", "bool"},
                                                      {"double", "float"},
                                                      {"list", "array"},
                                                      {"dict", "map"},
                                                      {"object", "any"}}};
    const auto* found =
        std::find_if(kTypes.begin(), kTypes.end(), [&](const Entry& entry) { return entry.first == word; });
    return found == kTypes.end() ? std::string_view() : found->second;
}

std::string_view advice_for_foreign_word(std::string_view word) {
    using Entry = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<Entry, 9> kWords = {{{"def", "functions are declared with `fn`"},
                                                     {"func", "functions are declared with `fn`"},
                                                     {"function", "functions are declared with `fn`"},
                                                     {"var", "variables are declared with `let`"},
                                                     {"auto", "variables are declared with `let`"},
                                                     {"elif", "write `else if`"},
                                                     {"elseif", "write `else if`"},
                                                     {"struct", "records are declared with `class`"},
                                                     {"foreach", "write `for x in xs { … }`"}}};
    const auto* found =
        std::find_if(kWords.begin(), kWords.end(), [&](const Entry& entry) { return entry.first == word; });
    return found == kWords.end() ? std::string_view() : found->second;
}

}  // namespace nyx::syntax

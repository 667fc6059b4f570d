#include "compiler/syntax/scanner_complaints.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "compiler/syntax/literals.h"
#include "compiler/syntax/units.h"

namespace nyx::syntax {

using diagnostics::Applicability;
using diagnostics::Code;
using diagnostics::Diagnostic;
using diagnostics::Edit;

namespace {

struct Advice {
    std::string_view text;
    std::string_view replacement;  // of the character; empty: it is deleted
    bool has_fix = true;
};

Advice advice_for(char32_t c) {
    switch (c) {
        case 0x201C:
        case 0x201D:
        case 0x201E:
            return {"use a straight quote: `\"`", "\""};
        case 0x2018:
        case 0x2019:
            return {"use a straight quote: `'`", "'"};
        case 0x2013:
        case 0x2014:
        case 0x2212:
            return {"use an ASCII minus: `-`", "-"};
        case 0x00A0:
        case 0x3000:
            return {"this blank is not an ASCII blank; type a normal one", " "};
        case 0xFEFF:
        case 0x200B:
            return {"this character is invisible; delete it", ""};
        case U'`':
            return {"strings stand between `\"`", "\""};
        case U'$':
            return {"a variable is read by its name alone; in a string `${…}` reads it", ""};
        default:
            return {"names are made of ASCII letters, digits and `_`; anything else belongs into a string or a comment",
                    "", false};
    }
}

std::string name_of(std::string_view text, Span place, CodePoint c) {
    bool shown = c.value >= 0x20 && c.value != 0x7F && c.value != 0xFEFF && c.value != 0xA0;
    if (shown) return fmt::format("`{}`", text.substr(place.begin, c.size));
    return fmt::format("U+{:04X}", static_cast<std::uint32_t>(c.value));
}

// `3f8h`
bool is_assembler_hex(std::string_view word) {
    constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
    bool marked = word.ends_with('h') || word.ends_with('H');
    return marked && word.find_first_not_of(kDigits) == word.size() - 1;
}

// The character, and the one that closes what it opens.
std::vector<Edit> replace_quotes(std::string_view text, Span place, std::size_t size, std::string_view ours) {
    auto width = static_cast<std::uint32_t>(size);
    std::vector<Edit> edits = {{{place.file, place.begin, place.begin + width}, std::string(ours)}};
    std::size_t last = place.end;
    while (last > place.begin + width && (static_cast<unsigned char>(text[last - 1]) & 0xC0) == 0x80) --last;
    if (last > place.begin + width)
        edits.push_back({{place.file, static_cast<std::uint32_t>(last - 1), place.end}, std::string(ours)});
    return edits;
}

}  // namespace

bool is_foreign_quote(char32_t c) {
    return c == 0x2018 || c == 0x2019 || (c >= 0x201C && c <= 0x201E) || c == U'`';
}

void report_unknown_character(std::string_view text, Span place, CodePoint c, diagnostics::Sink& sink) {
    Advice advice = advice_for(c.value);
    Span first{place.file, place.begin, place.begin + static_cast<std::uint32_t>(c.size)};
    auto& finding = sink.report(Code::kUnknownCharacter, first,
                                fmt::format("{} does not belong into a program", name_of(text, place, c)))
                        .help(std::string(advice.text));
    if (!advice.has_fix) return;
    std::vector<Edit> edits = replace_quotes(text, place, c.size, advice.replacement);
    bool closed = !is_foreign_quote(c.value) || edits.size() == 2;
    if (closed)
        finding.fix({advice.replacement.empty() ? "remove it" : fmt::format("write `{}`", advice.replacement),
                     Applicability::kMachineApplicable, std::move(edits)});
}

void report_bad_number(std::string_view word, Span place, diagnostics::Sink& sink) {
    auto& finding = sink.report(Code::kBadNumber, place, fmt::format("`{:.60}` is not a number", word));
    std::size_t digits = std::min(word.find_first_not_of("0123456789."), word.size());
    std::string_view letters = word.substr(digits);
    if (std::string_view unit = size_meant(letters); digits > 0 && !unit.empty()) {
        std::string meant = fmt::format("{:.30} {}", word.substr(0, digits), unit);
        finding.help(fmt::format("a size is written with its whole unit: `{}`", meant))
            .fix(fmt::format("write `{}`", meant), Applicability::kMachineApplicable, place, meant);
    } else if (letters.empty() && std::count(word.begin(), word.end(), '.') > 1) {
        finding.help("a version or an address is a text, in quotes")
            .fix("put it in quotes", Applicability::kMachineApplicable, place, fmt::format("\"{}\"", word));
    } else if (is_assembler_hex(word)) {
        std::string meant = fmt::format("0x{:.30}", word.substr(0, word.size() - 1));
        finding.help(fmt::format("a hexadecimal number begins with `0x`: `{}`", meant))
            .fix(fmt::format("write `{}`", meant), Applicability::kMachineApplicable, place, meant);
    } else {
        finding.help("numbers are written 42, 1_000, 0x2a, 0o52, 0b101010, 1.5 or 1e9, with an optional unit: 2 GiB");
    }
}

void report_large_number(Span place, bool whole, diagnostics::Sink& sink) {
    sink.report(Code::kNumberTooLarge, place, "this number is too large",
                whole ? "integers have 64 bits: at most 9223372036854775807, or 0xffffffffffffffff as a bit pattern"
                      : "at most about 1.8e308");
}

Diagnostic& report_unclosed_string(std::string_view text, Span place, char quote, diagnostics::Sink& sink) {
    auto& finding =
        sink.report(Code::kUnclosedString, place, fmt::format("this string has no closing `{}` on its line", quote));
    if (text.substr(place.begin, place.end - place.begin).find("${") != std::string_view::npos) return finding;
    // Brackets and commas at the end of the line belong to what is around the string; another quote was meant for ours.
    std::string_view line = text.substr(place.begin, place.end - place.begin);
    std::size_t end = line.find_last_not_of(")]} \t,;") + 1;
    bool other = end > 1 && (line[end - 1] == '"' || line[end - 1] == '\'') && line[end - 1] != quote;
    auto at = place.begin + static_cast<std::uint32_t>(end - (other ? 1 : 0));
    return finding.fix(fmt::format("close it with `{}`", quote), Applicability::kMaybeIncorrect,
                       {place.file, at, at + (other ? 1 : 0)}, std::string(1, quote));
}

bool check_escapes(std::string_view text, Span part, diagnostics::Sink& sink) {
    std::string_view inside = text.substr(part.begin, part.end - part.begin);
    if (inside.find('\\') == std::string_view::npos) return true;
    std::vector<Span> wrong;
    unescape(inside, [&](std::size_t at, std::size_t size) {
        auto first = static_cast<std::uint32_t>(part.begin + at);
        wrong.push_back({part.file, first, first + static_cast<std::uint32_t>(size)});
    });
    if (wrong.empty()) return true;
    const Span& first = wrong.front();
    auto& finding =
        sink.report(Code::kBadEscape, first,
                    fmt::format("`{}` is not an escape", text.substr(first.begin, first.end - first.begin)))
            .help(R"(the escapes are \n \t \r \0 \a \e \\ \" \' \$ \x41 and \u{1F600}; a backslash itself is \\)");
    if (wrong.size() > 1) finding.note(fmt::format("{} more in this string are none either", wrong.size() - 1));
    std::vector<Edit> edits;
    for (const Span& place : wrong) edits.push_back({{place.file, place.begin, place.begin}, "\\"});
    finding.fix({R"(write `\\` for a backslash)", Applicability::kMaybeIncorrect, std::move(edits)});
    return false;
}

}  // namespace nyx::syntax

#include "compiler/format/format.h"

#include "compiler/format/outline.h"
#include "compiler/format/printer.h"
#include "compiler/syntax/parser.h"
#include "compiler/syntax/words.h"

namespace nyx::format {

namespace {

std::vector<syntax::Word> words_of(std::string_view text) {
    diagnostics::Sink ignored;  // reported by the parser
    return syntax::words(text, 0, ignored);
}

// The words that are in both texts: formatting adds and removes `,` and `;`.
std::vector<syntax::Word> lasting(std::string_view text) {
    std::vector<syntax::Word> all = words_of(text);
    std::erase_if(all, [&](const syntax::Word& word) {
        std::string_view spelled = text.substr(word.begin, word.end - word.begin);
        bool punctuation = word.kind == syntax::WordKind::kSymbol && (spelled == "," || spelled == ";");
        return punctuation || word.kind == syntax::WordKind::kEndOfStatement;
    });
    return all;
}

// Without what both texts have at their beginning and end.
Edit shortest(Span span, std::string_view before, std::string_view after) {
    std::size_t front = 0;
    while (front < before.size() && front < after.size() && before[front] == after[front]) ++front;
    std::size_t back = 0;
    while (back < before.size() - front && back < after.size() - front &&
           before[before.size() - 1 - back] == after[after.size() - 1 - back])
        ++back;
    span.begin += static_cast<std::uint32_t>(front);
    span.end -= static_cast<std::uint32_t>(back);
    return {span, std::string(after.substr(front, after.size() - front - back))};
}

}  // namespace

std::optional<std::string> format(const source::SourceMap& sources, std::uint32_t file, diagnostics::Sink& sink) {
    std::size_t errors = sink.error_count();
    syntax::parse(sources, file, sink);
    if (sink.error_count() > errors) return std::nullopt;
    std::string_view text = sources.file(file).text;
    Outline shape = outline(text, words_of(text));
    return Printer(shape).print();
}

std::optional<std::vector<Edit>> edits(const source::SourceMap& sources, Span range, diagnostics::Sink& sink) {
    auto formatted = format(sources, range.file, sink);
    if (!formatted) return std::nullopt;
    std::string_view before = sources.file(range.file).text, after = *formatted;
    std::vector<syntax::Word> old_words = lasting(before), new_words = lasting(after);
    NYX_CHECK(old_words.size() == new_words.size());
    std::vector<Edit> out;
    std::uint32_t old_end = 0, new_end = 0;
    for (std::size_t i = 0; i < old_words.size(); ++i) {
        Span gap{range.file, old_end, old_words[i].begin};
        std::string_view old_gap = before.substr(old_end, old_words[i].begin - old_end);
        std::string_view new_gap = after.substr(new_end, new_words[i].begin - new_end);
        bool touched = gap.end >= range.begin && gap.begin <= range.end;
        if (touched && old_gap != new_gap) out.push_back(shortest(gap, old_gap, new_gap));
        old_end = old_words[i].end;
        new_end = new_words[i].end;
    }
    return out;
}

}  // namespace nyx::format

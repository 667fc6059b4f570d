// The shape of a text: what can be folded, and what a selection grows to.
#include <algorithm>

#include "compiler/lsp/convert.h"
#include "compiler/lsp/features.h"
#include "compiler/syntax/words.h"

namespace nyx::lsp {

using nlohmann::json;
using syntax::Word;
using syntax::WordKind;

namespace {

std::vector<Word> words_of(const Document& document) {
    diagnostics::Sink ignored;
    return syntax::words(document.text(), 0, ignored);
}

// Lines to fold; what begins and ends in one line is none.
class Folds {
  public:
    explicit Folds(const Document& document) : document_(document) {}

    void add(std::size_t begin, std::size_t end, const char* kind, bool keep_last_line) {
        Position from = document_.position(begin);
        Position to = document_.position(end);
        if (keep_last_line && to.line > from.line) --to.line;
        if (to.line <= from.line) return;
        json fold = {{"startLine", from.line}, {"endLine", to.line}};
        if (*kind != 0) fold["kind"] = kind;
        list_.push_back(std::move(fold));
    }

    // Runs of comment lines, and of imports.
    void add_runs(const char* kind, bool (*belongs)(std::string_view line)) {
        std::string_view text = document_.text();
        std::size_t begin = 0;
        std::size_t end = std::string_view::npos;
        for (std::size_t at = 0; at <= text.size();) {
            std::size_t stop = std::min(text.find('\n', at), text.size());
            std::string_view line = text.substr(at, stop - at);
            line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
            bool here = belongs(line);
            if (here && end == std::string_view::npos) begin = at;
            if (here) end = stop;
            if (!here && end != std::string_view::npos) {
                add(begin, end, kind, false);
                end = std::string_view::npos;
            }
            at = stop + 1;
        }
        if (end != std::string_view::npos) add(begin, end, kind, false);
    }

    json take() { return std::move(list_); }

  private:
    const Document& document_;
    json list_ = json::array();
};

bool is_open(char c) {
    return c == '(' || c == '[' || c == '{';
}

bool is_close(char c) {
    return c == ')' || c == ']' || c == '}';
}

// Bytes from an opening bracket to behind its partner.
std::vector<std::pair<std::uint32_t, std::uint32_t>> brackets(const Document& document,
                                                              const std::vector<Word>& words) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
    std::vector<std::uint32_t> open;
    for (const Word& word : words) {
        if (word.end != word.begin + 1 || word.kind == WordKind::kString) continue;
        char c = document.text()[word.begin];
        if (is_open(c)) open.push_back(word.begin);
        if (!is_close(c) || open.empty()) continue;
        found.emplace_back(open.back(), word.end);
        open.pop_back();
    }
    return found;
}

// Where statements begin, word by word; blocks hold others.
class Statements {
  public:
    // The statement that ends with this word.
    std::optional<Span> read(const Word& word, std::string_view text) {
        if (word.kind == WordKind::kEndOfStatement) {
            std::optional<Span> whole;
            if (open_.back().begun) whole = Span{0, open_.back().begin, open_.back().end};
            open_.back().begun = false;
            return whole;
        }
        if (word.begin == word.end) return std::nullopt;
        if (word.end == word.begin + 1 && text[word.begin] == '}' && open_.size() > 1) open_.pop_back();
        if (!open_.back().begun) open_.back() = {true, word.begin, word.end};
        open_.back().end = word.end;
        if (word.kind == WordKind::kBlockOpen) open_.push_back({});
        return std::nullopt;
    }

  private:
    struct Open {
        bool begun = false;
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
    };
    std::vector<Open> open_{1};
};

// All that a selection at the offset may grow to, the smallest first.
std::vector<Span> around(const Request& request, std::uint32_t offset) {
    const Document& document = request.file->document;
    std::vector<Word> words = words_of(document);
    std::vector<Span> spans;
    auto add = [&](std::uint32_t begin, std::uint32_t end) {
        if (begin <= offset && offset <= end && begin < end) spans.push_back({0, begin, end});
    };
    Statements statements;
    for (const Word& word : words) {
        if (word.kind != WordKind::kEndOfStatement) add(word.begin, word.end);
        if (word.kind == WordKind::kString && word.end > word.begin + 1) add(word.begin + 1, word.end - 1);
        if (auto whole = statements.read(word, document.text())) add(whole->begin, whole->end);
    }
    for (const auto& [begin, end] : brackets(document, words)) {
        add(begin, end);
        add(begin + 1, end - 1);
    }
    add(0, static_cast<std::uint32_t>(document.text().size()));
    return spans;
}

void add_expressions(const Request& request, std::uint32_t offset, std::vector<Span>& spans) {
    auto place = request.place();
    if (!place) return;
    for (const Span& span : place->model.expressions_around(place->file, offset))
        spans.push_back({0, span.begin, span.end});
    for (analyze::SymbolId id : place->model.declared_in(place->file)) {
        const Span& whole = place->model.symbol(id).span;
        if (whole.file == place->file && whole.begin <= offset && offset <= whole.end)
            spans.push_back({0, whole.begin, whole.end});
    }
}

// Each holds the one before; what crosses it is left out.
json nest(const Document& document, std::vector<Span> spans, std::uint32_t offset) {
    std::sort(spans.begin(), spans.end(), [](Span a, Span b) { return a.end - a.begin < b.end - b.begin; });
    std::vector<Span> chain;
    for (const Span& span : spans) {
        bool holds =
            chain.empty() || (span.begin <= chain.back().begin && chain.back().end <= span.end && span != chain.back());
        if (holds) chain.push_back(span);
    }
    if (chain.empty()) chain.push_back({0, offset, offset});
    json range;
    for (std::size_t i = chain.size(); i-- > 0;) {
        json inner = {{"range", range_json(document, chain[i])}};
        if (!range.is_null()) inner["parent"] = std::move(range);
        range = std::move(inner);
    }
    return range;
}

}  // namespace

Result<json> handle_folding_range(Request& request) {
    const Document& document = request.file->document;
    Folds folds(document);
    std::vector<Word> words = words_of(document);
    for (const auto& [begin, end] : brackets(document, words)) folds.add(begin, end, "", true);
    for (const Word& word : words) {
        if (word.kind == WordKind::kString) folds.add(word.begin, word.end, "comment", false);
    }
    folds.add_runs("comment", [](std::string_view line) { return line.starts_with('#'); });
    folds.add_runs("imports", [](std::string_view line) {
        return line.starts_with("import ") || line.starts_with("use ") || line.starts_with("from ");
    });
    return folds.take();
}

Result<json> handle_selection_range(Request& request) {
    json list = json::array();
    for (const json& position : request.params.at("positions")) {
        auto offset = static_cast<std::uint32_t>(request.file->document.offset(position_of(position)));
        std::vector<Span> spans = around(request, offset);
        add_expressions(request, offset, spans);
        list.push_back(nest(request.file->document, std::move(spans), offset));
    }
    return list;
}

}  // namespace nyx::lsp

#include "compiler/lsp/words_before.h"

#include "compiler/diagnostics/diagnostic.h"

namespace nyx::lsp {

using syntax::Word;
using syntax::WordKind;

WordsBefore::WordsBefore(std::string code) : cut_(code.size()), text_(std::move(code.append("x"))) {
    diagnostics::Sink ignored;
    for (const Word& word : syntax::words(text_, 0, ignored)) {
        bool ends = word.kind == WordKind::kEndOfStatement;
        if (word.kind == WordKind::kEndOfFile || word.end > cut_) break;
        if (word.begin < word.end || ends) words_.push_back(word);
    }
    open_.push_back({});
    for (std::size_t i = 0; i < words_.size(); ++i) read(i);
}

void WordsBefore::read(std::size_t i) {
    if (words_[i].kind == WordKind::kEndOfStatement) {
        while (open_.back().bracket != '{') open_.pop_back();
        open_.back().start = i + 1;
        return;
    }
    std::string_view word = text(i);
    if (words_[i].kind == WordKind::kString || word.size() != 1) return;
    char c = word[0];
    if (c == '(' || c == '[' || c == '{') {
        open_.push_back({c, i, i + 1, 0, {}, open_.back().start});
    } else if (c == ')' || c == ']' || c == '}') {
        if (open_.size() > 1) open_.pop_back();
    } else if (c == ',' && open_.back().bracket != '{') {
        ++open_.back().commas;
        open_.back().start = i + 1;
    } else if ((c == ':' || c == '=') && i == open_.back().start + 1 && kind(i - 1) == WordKind::kName) {
        open_.back().named.emplace_back(text(i - 1));
    }
}

}  // namespace nyx::lsp

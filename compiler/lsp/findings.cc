#include "compiler/lsp/findings.h"

#include <algorithm>
#include <tuple>

namespace nyx::lsp {

using diagnostics::Diagnostic;

namespace {

struct Edit {
    std::uint32_t begin;
    std::uint32_t end;
    std::int64_t grows;
};

// False: the edit touches the span.
bool move(Span& span, const Edit& edit) {
    if (span.end <= edit.begin && span.begin < edit.begin) return true;
    if (span.begin < edit.end || span.end <= edit.begin) return false;
    span.begin = static_cast<std::uint32_t>(span.begin + edit.grows);
    span.end = static_cast<std::uint32_t>(span.end + edit.grows);
    return true;
}

// Fixes are asked for when the text has been looked at again: the old ones go.
bool move(Diagnostic& diagnostic, const Edit& edit) {
    diagnostic.fixes.clear();
    std::erase_if(diagnostic.labels, [&](diagnostics::Label& label) {
        return label.span.file == diagnostic.primary.span.file && !move(label.span, edit);
    });
    return move(diagnostic.primary.span, edit);
}

auto place(const Diagnostic& one) {
    return std::tuple(one.primary.span.begin, one.primary.span.end, one.code);
}

}  // namespace

void Findings::shift(std::size_t begin, std::size_t end, std::size_t length) {
    Edit edit{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end),
              static_cast<std::int64_t>(length) - static_cast<std::int64_t>(end - begin)};
    for (auto& stage : found_) std::erase_if(stage, [&](Diagnostic& one) { return !move(one, edit); });
}

void Findings::take(const Analysis& analysis, Stage stage) {
    auto& found = found_[static_cast<std::size_t>(stage)];
    found = analysis.diagnostics(stage);
    std::erase_if(found, [&](const Diagnostic& one) { return one.primary.span.file != analysis.main_file(); });
}

void Findings::clear() {
    for (auto& stage : found_) stage.clear();
}

std::vector<Diagnostic> Findings::all() const {
    std::vector<Diagnostic> all;
    for (const auto& stage : found_) all.insert(all.end(), stage.begin(), stage.end());
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return place(a) < place(b); });
    auto same = [](const Diagnostic& a, const Diagnostic& b) { return place(a) == place(b) && a.message == b.message; };
    all.erase(std::unique(all.begin(), all.end(), same), all.end());
    return all;
}

}  // namespace nyx::lsp

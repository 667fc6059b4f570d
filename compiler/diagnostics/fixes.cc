#include "compiler/diagnostics/fixes.h"

#include <algorithm>
#include <tuple>

namespace nyx::diagnostics {

namespace {

// Two insertions in one place touch each other as well: which comes first is not known.
bool touch(Span a, Span b) {
    return a.begin == b.begin || (a.begin < b.end && b.begin < a.end);
}

bool touch(const Fix& a, const Fix& b) {
    return std::any_of(a.edits.begin(), a.edits.end(), [&](const Edit& one) {
        return std::any_of(b.edits.begin(), b.edits.end(),
                           [&](const Edit& other) { return touch(one.span, other.span); });
    });
}

bool is_certain(const Fix& fix, std::uint32_t file) {
    return fix.applicability == Applicability::kMachineApplicable && !fix.edits.empty() &&
           std::all_of(fix.edits.begin(), fix.edits.end(), [&](const Edit& edit) { return edit.span.file == file; });
}

std::uint32_t first_place(const Fix& fix) {
    auto first = std::min_element(fix.edits.begin(), fix.edits.end(),
                                  [](const Edit& a, const Edit& b) { return a.span.begin < b.span.begin; });
    return first->span.begin;
}

bool has_crlf(std::string_view text) {
    std::size_t end = text.find('\n');
    return end != std::string_view::npos && end > 0 && text[end - 1] == '\r';
}

std::string with_crlf(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '\n') out += '\r';
        out += c;
    }
    return out;
}

}  // namespace

std::vector<Fix> certain_fixes(const std::vector<Diagnostic>& findings, std::uint32_t file) {
    std::vector<Fix> fixes;
    for (const Diagnostic& finding : findings) {
        for (const Fix& fix : finding.fixes) {
            if (!is_certain(fix, file)) continue;
            bool taken = std::any_of(fixes.begin(), fixes.end(), [&](const Fix& other) { return touch(fix, other); });
            if (!taken) fixes.push_back(fix);
            break;  // of several certain fixes of one finding, the first
        }
    }
    std::sort(fixes.begin(), fixes.end(), [](const Fix& a, const Fix& b) { return first_place(a) < first_place(b); });
    return fixes;
}

std::string with_fixes(std::string_view text, const std::vector<Fix>& fixes) {
    std::vector<const Edit*> edits;
    for (const Fix& fix : fixes)
        for (const Edit& edit : fix.edits) edits.push_back(&edit);
    std::stable_sort(edits.begin(), edits.end(), [](const Edit* a, const Edit* b) {
        return std::tie(a->span.begin, a->span.end) < std::tie(b->span.begin, b->span.end);
    });
    bool crlf = has_crlf(text);
    std::string out;
    std::size_t at = 0;
    for (const Edit* edit : edits) {
        out += text.substr(at, edit->span.begin - at);
        out += crlf ? with_crlf(edit->replacement) : edit->replacement;
        at = edit->span.end;
    }
    return out.append(text.substr(at));
}

}  // namespace nyx::diagnostics

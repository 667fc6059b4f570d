#include "compiler/diagnostics/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "runtime/base/check.h"

namespace nyx::diagnostics {

namespace {

struct KindInfo {
    Code code;
    Severity severity;
    std::string_view title;
};

constexpr KindInfo kKinds[] = {
#define NYX_DIAGNOSTIC(number, name, severity, title) {Code::name, Severity::severity, title},
#include "compiler/diagnostics/kinds.def"
};

const KindInfo& info(Code code) {
    const auto* found =
        std::find_if(std::begin(kKinds), std::end(kKinds), [&](const KindInfo& k) { return k.code == code; });
    NYX_CHECK(found != std::end(kKinds), "diagnostic {} is not registered", static_cast<int>(code));
    return *found;
}

auto order(const Diagnostic& d) {
    return std::tuple(d.primary.span.file, d.primary.span.begin, d.primary.span.end, d.code,
                      std::string_view(d.message));
}

}  // namespace

std::string code_text(Code code) {
    return fmt::format("NY{:04}", static_cast<int>(code));
}
Severity code_severity(Code code) {
    return info(code).severity;
}
std::string_view code_title(Code code) {
    return info(code).title;
}

std::string_view applicability_text(Applicability applicability) {
    switch (applicability) {
        case Applicability::kMachineApplicable:
            return "machine-applicable";
        case Applicability::kMaybeIncorrect:
            return "maybe-incorrect";
        case Applicability::kHasPlaceholders:
            return "has-placeholders";
    }
    return "";
}

Diagnostic& Sink::report(Code code, Severity severity, Span primary, std::string message, std::string primary_text) {
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.severity = severity;
    diagnostic.message = short_text(std::move(message));
    diagnostic.primary = {primary, short_text(std::move(primary_text))};
    if (diagnostic.severity == Severity::kError) ++errors_;
    if (all_.size() < kMaxKept) return all_.emplace_back(std::move(diagnostic));
    return dropped_ = std::move(diagnostic);
}

std::vector<Diagnostic> Sink::sorted() const {
    std::vector<Diagnostic> sorted = all_;
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return order(a) < order(b); });
    auto same = [](const Diagnostic& a, const Diagnostic& b) { return order(a) == order(b); };
    sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
    return sorted;
}

}  // namespace nyx::diagnostics

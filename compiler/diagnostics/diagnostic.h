// What the compiler says to the author of a .ny file.
//
// A diagnostic has a stable code (kinds.def), one primary span, labelled secondary spans, notes, a help line and, where
// it is knowable, fixes. The message is one sentence in the user's terms and is written where the mistake is found.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/diagnostics/short_text.h"
#include "runtime/base/span.h"

namespace nyx::diagnostics {

enum class Severity { kError, kWarning, kNote };

enum class Code : std::uint16_t {
#define NYX_DIAGNOSTIC(number, name, severity, title) name = 1##number - 10000,
#include "compiler/diagnostics/kinds.def"
};

// "NY0412"
std::string code_text(Code code);
Severity code_severity(Code code);
std::string_view code_title(Code code);

struct Label {
    Span span;
    std::string text;
};

// How sure we are of a fix, in rustc's terms.
enum class Applicability {
    kMachineApplicable,  // what the author meant, for certain: `nyxc check --fix` applies it without asking
    kMaybeIncorrect,     // what the author may have meant: shown, and applied by those who choose it
    kHasPlaceholders,    // the shape of what is missing; the author fills in the rest
};

// "machine-applicable", "maybe-incorrect", "has-placeholders"
std::string_view applicability_text(Applicability applicability);

struct Edit {
    Span span;  // replaced; empty for an insertion
    std::string replacement;
};

struct Fix {
    std::string title;
    Applicability applicability = Applicability::kMaybeIncorrect;
    std::vector<Edit> edits;  // all of one file, none over another
};

struct Diagnostic {
    Code code{};
    Severity severity = Severity::kError;
    std::string message;
    Label primary;              // its text may be empty
    std::vector<Label> labels;  // in the order in which they should be read
    std::vector<std::string> notes;
    std::vector<std::string> helps;
    std::vector<Fix> fixes;

    // So that a diagnostic is written in one expression where the mistake is found. Long texts are shortened.
    Diagnostic& label(Span span, std::string text) {
        labels.push_back({span, short_text(std::move(text))});
        return *this;
    }
    Diagnostic& note(std::string text) {
        notes.push_back(short_text(std::move(text)));
        return *this;
    }
    Diagnostic& help(std::string text) {
        helps.push_back(short_text(std::move(text)));
        return *this;
    }
    Diagnostic& fix(Fix fix) {
        fix.title = short_text(std::move(fix.title));
        fixes.push_back(std::move(fix));
        return *this;
    }
    // The usual one: other text in one place.
    Diagnostic& fix(std::string title, Applicability applicability, Span where, std::string replacement) {
        return fix({std::move(title), applicability, {{where, std::move(replacement)}}});
    }
};

// Collects; a stage never stops at the first. Counts all and keeps the first kMaxKept, so that no input fills the
// memory. Not thread-safe.
class Sink {
  public:
    static constexpr std::size_t kMaxKept = 10'000;

    // The returned reference is valid until the next report.
    Diagnostic& report(Code code, Span primary, std::string message, std::string primary_text = {}) {
        return report(code, code_severity(code), primary, std::move(message), std::move(primary_text));
    }
    // Where the code's usual severity does not fit: a failure that the program itself catches is no error.
    Diagnostic& report(Code code, Severity severity, Span primary, std::string message, std::string primary_text);

    bool has_errors() const { return errors_ > 0; }
    std::size_t error_count() const { return errors_; }
    const std::vector<Diagnostic>& all() const { return all_; }
    // In order of file and offset, exact duplicates removed: the order in which they are printed.
    std::vector<Diagnostic> sorted() const;

  private:
    std::vector<Diagnostic> all_;
    Diagnostic dropped_;  // the latest that was not kept
    std::size_t errors_ = 0;
};

}  // namespace nyx::diagnostics

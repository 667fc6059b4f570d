#include "compiler/diagnostics/console.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "compiler/diagnostics/shown_line.h"

namespace nyx::diagnostics {

namespace {

struct Mark {
    Label label;
    source::Position position;
    bool is_primary = false;
};

// Escape sequences, or nothing without colour (ECMA-48 §8.3.117).
struct Paint {
    bool on;
    const char* bold() const { return on ? "\033[1m" : ""; }
    const char* gutter() const { return on ? "\033[34m" : ""; }
    const char* end() const { return on ? "\033[0m" : ""; }
    const char* of(Severity severity) const {
        if (!on) return "";
        switch (severity) {
            case Severity::kError:
                return "\033[1;31m";
            case Severity::kWarning:
                return "\033[1;33m";
            case Severity::kNote:
                return "\033[1;36m";
        }
        return "";
    }
};

const char* severity_word(Severity severity) {
    switch (severity) {
        case Severity::kError:
            return "error";
        case Severity::kWarning:
            return "warning";
        case Severity::kNote:
            return "note";
    }
    return "";
}

// In order of file and line, the file of the primary span first.
std::vector<Mark> marks_of(const source::SourceMap& sources, const Diagnostic& diagnostic) {
    std::vector<Mark> marks;
    auto add = [&](const Label& label, bool is_primary) {
        if (label.span.known())
            marks.push_back({label, sources.position(label.span.file, label.span.begin), is_primary});
    };
    add(diagnostic.primary, true);
    for (const Label& label : diagnostic.labels) add(label, false);
    std::uint32_t main_file = diagnostic.primary.span.file;
    std::stable_sort(marks.begin(), marks.end(), [&](const Mark& a, const Mark& b) {
        auto order = [&](const Mark& m) {
            return std::tuple(m.label.span.file != main_file, m.label.span.file, m.position.line, m.label.span.begin);
        };
        return order(a) < order(b);
    });
    return marks;
}

class Printer {
  public:
    Printer(const source::SourceMap& sources, Severity severity, Paint paint)
        : sources_(sources), severity_(severity), paint_(paint) {}

    void print_body(const Diagnostic& diagnostic) {
        print_marks(marks_of(sources_, diagnostic));
        for (const std::string& note : diagnostic.notes) print_remark("note", note);
        for (const std::string& help : diagnostic.helps) print_remark("help", help);
        for (const Fix& fix : diagnostic.fixes)
            print_remark("fix", fmt::format("{} ({})", fix.title, applicability_text(fix.applicability)));
    }

    std::string take() { return std::move(out_); }
    void append(const std::string& text) { out_ += text; }

  private:
    void print_marks(const std::vector<Mark>& marks) {
        for (const Mark& mark : marks) gutter_ = std::max(gutter_, std::to_string(mark.position.line).size());
        const Mark* previous = nullptr;
        for (const Mark& mark : marks) {
            if (!previous || previous->label.span.file != mark.label.span.file) {
                print_place(marks, mark);
                previous = nullptr;
            }
            print_mark(mark, previous && previous->position.line == mark.position.line);
            previous = &mark;
        }
    }

    void print_remark(const char* kind, const std::string& text) {
        out_ += fmt::format("{:{}} {}={} {}{}:{} {}\n", "", gutter_, paint_.gutter(), paint_.end(), paint_.bold(), kind,
                            paint_.end(), safe_text(text));
    }

    // "┌─ web.ny:14:5" with the position of the primary span, where it is in this file.
    void print_place(const std::vector<Mark>& marks, const Mark& first) {
        auto primary = std::find_if(marks.begin(), marks.end(), [](const Mark& m) { return m.is_primary; });
        bool here = primary != marks.end() && primary->label.span.file == first.label.span.file;
        const source::Position& at = here ? primary->position : first.position;
        out_ += fmt::format("{:{}} {}┌─{} {}:{}:{}\n", "", gutter_, paint_.gutter(), paint_.end(),
                            safe_text(sources_.file(first.label.span.file).path), at.line, at.column);
    }

    void print_mark(const Mark& mark, bool line_is_shown) {
        const Span& span = mark.label.span;
        const source::SourceFile& file = sources_.file(span.file);
        std::uint32_t start = file.line_starts.at(mark.position.line - 1);
        ShownLine shown = show_line(sources_.line(span.file, mark.position.line), span.begin - start, span.end - start);
        if (!line_is_shown) {
            out_ +=
                fmt::format("{}{:{}} │{} {}\n", paint_.gutter(), mark.position.line, gutter_, paint_.end(), shown.text);
        }
        std::string underline(shown.width, mark.is_primary ? '^' : '-');
        const char* color = mark.is_primary ? paint_.of(severity_) : paint_.gutter();
        std::string text = mark.label.text.empty() ? "" : " " + safe_text(mark.label.text);
        out_ += fmt::format("{}{:{}} │{} {:{}}{}{}{}{}\n", paint_.gutter(), "", gutter_, paint_.end(), "", shown.begin,
                            color, underline, text, paint_.end());
    }

    const source::SourceMap& sources_;
    Severity severity_;
    Paint paint_;
    std::size_t gutter_ = 1;
    std::string out_;
};

}  // namespace

std::string marked_text(const source::SourceMap& sources, const std::string& title, const Diagnostic& shown,
                        bool color) {
    Paint paint{color};
    Printer printer(sources, shown.severity, paint);
    printer.append(fmt::format("{}{}{}\n", paint.bold(), safe_text(title), paint.end()));
    printer.print_body(shown);
    return printer.take();
}

std::string console_text(const source::SourceMap& sources, const Diagnostic& diagnostic, bool color) {
    Paint paint{color};
    Printer printer(sources, diagnostic.severity, paint);
    printer.append(fmt::format("{}{}[{}]{}{}: {}{}\n", paint.of(diagnostic.severity),
                               severity_word(diagnostic.severity), code_text(diagnostic.code), paint.end(),
                               paint.bold(), safe_text(diagnostic.message), paint.end()));
    printer.print_body(diagnostic);
    return printer.take();
}

}  // namespace nyx::diagnostics

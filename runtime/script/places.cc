// Where a script is, and how that is written where its source is not at hand.
#include <algorithm>

#include "runtime/script/interpreter.h"

namespace nyx::script {

Span Interpreter::frame_span(const Frame& frame) const {
    auto at = static_cast<std::size_t>(frame.ip - frame.function->code.data());
    return frame.function->spans[at == 0 ? 0 : at - 1];
}

Span Interpreter::here() const {
    return frames_.empty() ? Span{} : frame_span(frames_.back());
}

Span Interpreter::user_here() const {
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
        Span span = frame_span(*frame);
        if (span.known() && !program_.files[span.file].is_stdlib) return span;
    }
    return {};
}

std::string place_text(const Program& program, Span where) {
    if (!where.known() || where.file >= program.files.size()) return "the script";
    const FileName& file = program.files[where.file];
    if (file.line_starts.empty()) return file.path;
    auto line = std::upper_bound(file.line_starts.begin(), file.line_starts.end(), where.begin);
    return fmt::format("{}:{}", file.path, line - file.line_starts.begin());
}

}  // namespace nyx::script

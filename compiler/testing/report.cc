#include "compiler/testing/report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/diagnostics/console.h"

namespace nyx::testing {

namespace {

const char* word(Outcome outcome) {
    if (outcome == Outcome::kPassed) return "passed";
    return outcome == Outcome::kFailed ? "failed" : "refused";
}

Span place_of(const script::Test& test, const Report& report) {
    return report.where.known() ? report.where : test.where;
}

// What a guest wrote does nothing to the terminal.
std::string printable(const std::string& text) {
    std::string shown;
    for (char c : text) {
        auto byte = static_cast<unsigned char>(c);
        shown += byte < 0x20 || byte == 0x7F ? '.' : c;
    }
    return shown;
}

}  // namespace

std::string as_text(const std::string& machine, const script::Test& test, const Report& report,
                    const source::SourceMap& sources, bool color) {
    std::string title = fmt::format("{} {}: {}", word(report.outcome), machine, test.title);
    diagnostics::Diagnostic shown;
    if (report.outcome == Outcome::kPassed) return diagnostics::marked_text(sources, title, shown, color);
    shown.primary = {place_of(test, report), report.message};
    for (const std::string& part : report.parts) shown.note(part);
    if (!report.serial.empty()) shown.note("the last lines of the serial port:");
    std::string text = diagnostics::marked_text(sources, title, shown, color);
    for (const std::string& line : report.serial) text += fmt::format("      {}\n", printable(line));
    if (!report.errors.empty()) text += fmt::format("    nyx said: {}\n", printable(report.errors));
    return text;
}

std::string as_json(const std::string& machine, const script::Test& test, const Report& report,
                    const source::SourceMap& sources) {
    Span where = place_of(test, report);
    source::Position at = sources.position(where.file, where.begin);
    nlohmann::ordered_json line{{"machine", machine},
                                {"test", test.title},
                                {"result", word(report.outcome)},
                                {"file", sources.file(where.file).path},
                                {"line", at.line},
                                {"column", at.column}};
    if (!report.message.empty()) line["message"] = report.message;
    if (!report.parts.empty()) line["parts"] = report.parts;
    if (!report.serial.empty()) line["serial"] = report.serial;
    if (!report.errors.empty()) line["nyx"] = report.errors;
    return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace nyx::testing

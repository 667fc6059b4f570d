#include "compiled.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "compiler/syntax/parser.h"

namespace nyx::device {

Compiled::Compiled(std::string_view text) {
    const std::uint32_t file = sources.add("test.ny", std::string(text));
    module = syntax::parse(sources, file, sink);
    Known known;
    for (const auto& statement : module->body) {
        if (statement->kind != ast::StmtKind::kDeviceDecl) continue;
        const auto& node = ast::as<ast::DeviceDecl>(*statement);
        known[node.name.text] = &node;
        device = compile(node, known, sources, sink);
    }
}

std::string Compiled::mistakes() const {
    std::string all;
    for (const diagnostics::Diagnostic& one : sink.all()) {
        const source::Position at = sources.position(one.primary.span.file, one.primary.span.begin);
        all += fmt::format("{} {}:{} {}\n", diagnostics::code_text(one.code), at.line, at.column, one.message);
    }
    return all;
}

std::string Compiled::failures() const {
    std::string all;
    REQUIRE(device);
    for (const DeviceTest& test : device->tests) {
        const TestResult result = run_test(*device, test);
        if (result.has_passed) continue;
        std::string text = result.title + ": " + result.message;
        for (const std::string& note : result.notes) text += "; " + note;
        all += text + "\n";
    }
    return all;
}

}  // namespace nyx::device

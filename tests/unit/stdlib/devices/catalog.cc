#include "catalog.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "compiler/syntax/parser.h"

namespace nyx::stdlib {

std::vector<std::filesystem::path> device_files() {
    std::vector<std::filesystem::path> all;
    for (const auto& entry : std::filesystem::directory_iterator(NYX_STDLIB_DEVICES))
        if (entry.path().extension() == ".ny") all.push_back(entry.path());
    std::ranges::sort(all);
    return all;
}

static std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

DeviceFile::DeviceFile(const std::filesystem::path& path) {
    module = syntax::parse(sources, sources.add(path.filename().string(), text_of(path)), sink);
    device::Known known;
    for (const auto& statement : module->body) {
        if (statement->kind != ast::StmtKind::kDeviceDecl) continue;
        const auto& node = ast::as<ast::DeviceDecl>(*statement);
        known[node.name.text] = &node;
        auto made = device::compile(node, known, sources, sink);
        if (made) devices.push_back(std::move(*made));
    }
    for (const diagnostics::Diagnostic& one : sink.all())
        mistakes += fmt::format("{} {} {}\n", diagnostics::code_text(one.code), place(one.primary.span), one.message);
}

std::string DeviceFile::place(Span where) const {
    const source::Position at = sources.position(where.file, where.begin);
    return fmt::format("{}:{}", at.line, at.column);
}

const device::CompiledDevice& device_named(std::string_view name) {
    static std::map<std::string, DeviceFile, std::less<>> known;
    auto found = known.find(name);
    if (found == known.end())
        found =
            known.try_emplace(std::string(name), std::filesystem::path(NYX_STDLIB_DEVICES) / fmt::format("{}.ny", name))
                .first;
    REQUIRE_MESSAGE(found->second.devices.size() == 1, found->second.mistakes);
    return found->second.devices.front();
}

}  // namespace nyx::stdlib

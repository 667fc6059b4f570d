// What a phase declares cannot be changed outside it, by whichever register (docs/one-transport.md).
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>

#include "catalog.h"
#include "compiler/syntax/parser.h"

using namespace nyx;

namespace {

std::string transport() {
    std::ifstream file(std::filesystem::path(NYX_STDLIB_DEVICES) / "virtio_transport.ny");
    return {std::istreambuf_iterator<char>(file), {}};
}

// What is wrong with a text, a line each.
std::string mistakes(const std::string& text) {
    source::SourceMap sources;
    diagnostics::Sink sink;
    const auto module = syntax::parse(sources, sources.add("transport.ny", text), sink);
    for (const auto& statement : module->body)
        if (statement->kind == ast::StmtKind::kDeviceDecl)
            device::compile(ast::as<ast::DeviceDecl>(*statement), {}, sources, sink);
    std::string all;
    for (const diagnostics::Diagnostic& one : sink.all())
        all += fmt::format("{} {}\n", diagnostics::code_text(one.code), one.message);
    return all;
}

std::string without(std::string text, const std::string& part) {
    const std::size_t at = text.find(part);
    REQUIRE(at != std::string::npos);
    return text.erase(at, part.size());
}

std::string with(std::string text, const std::string& before, const std::string& part) {
    const std::size_t at = text.find(before);
    REQUIRE(at != std::string::npos);
    return text.insert(at, part);
}

constexpr const char* kPciSize =
    "            reg queue_size_word @0x18: u16 rw {\n"
    "                on read { return queue_size() }\n"
    "                on write(v) { set_size(v) }\n"
    "            }\n";

}  // namespace

TEST_CASE("a queue size that one transport changes after DRIVER_OK does not compile") {
    const std::string text = transport();
    REQUIRE(mistakes(text) == "");
    const std::string moved = with(without(text, kPciSize), "        reg config_msix_vector", kPciSize);
    CHECK(mistakes(moved) == "NY0811 `size` changes only in the phase `configuring`, and this is outside it\n");
}

TEST_CASE("nor does a register of its own that writes the size, a handler, or a read that does") {
    const std::string text = transport();
    const char* const kMistake = "NY0811 `size` changes only in the phase `configuring`, and this is outside it\n";
    CHECK(mistakes(with(text, "        reg num_queues",
                        "        reg other @0x3a: u16 wo { on write(v) { size[0] = v } }\n")) == kMistake);
    CHECK(mistakes(with(text, "    on config_changed {", "    timer later\n    on later { size[0] = 4 }\n")) ==
          kMistake);
    CHECK(mistakes(
              with(text, "        reg num_queues",
                   "        phase configuring { reg other @0x3a: u16 ro { on read { size[0] = 4; return 0 } } }\n")) ==
          kMistake);
    CHECK(mistakes(with(text, "        reg num_queues",
                        "        phase running { reg other @0x3a: u16 wo { on write(v) { size[0] = v } } }\n")) ==
          kMistake);
}

TEST_CASE("a phase cannot be declared again with another condition, nor used without one") {
    const std::string text = transport();
    CHECK(mistakes(with(text, "        reg num_queues", "        phase configuring after true { }\n"))
              .starts_with("NY0801 `configuring` is declared twice\n"));
    CHECK(mistakes(with(text, "        reg num_queues", "        phase elsewhere { }\n")) ==
          "NY0801 the device has no phase `elsewhere`\n");
}

// nyx-embed-devices LOCK OUTPUT.cc FILE.ny... [--parts LOCK FILE.ny...]: the devices that the files describe, as C++
// that carries their programs (devices/programs). A step of the build; equal files give an equal output.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <string_view>
#include <vector>

#include "compiler/device/compile.h"
#include "compiler/syntax/parser.h"
#include "devices/ir/program_json.h"
#include "runtime/base/file.h"

namespace nyx::device {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;

class Embedder {
  public:
    Status read_lock(const std::string& path) {
        NYX_ASSIGN(Bytes bytes, read_file(path, kMostBytes));
        NYX_ASSIGN(StateLock more, read_state_lock(as_text(bytes)));
        lock_.merge(more);
        return {};
    }

    Status parse(const std::string& path, bool is_part) {
        NYX_ASSIGN(std::uint32_t file, sources_.load(path));
        modules_.push_back(syntax::parse(sources_, file, sink_));
        for (const auto& statement : modules_.back()->body) {
            const auto* node = ast::try_as<ast::DeviceDecl>(statement.get());
            if (node == nullptr) continue;
            known_[node->name.text] = node;
            if (is_part) parts_.insert(node->name.text);
        }
        return {};
    }

    // By name. What is wrong with one has been said on standard error.
    bool compile() {
        for (const auto& [name, node] : known_) {
            const auto before = lock_.find(name);
            auto made =
                device::compile(*node, known_, sources_, sink_, before == lock_.end() ? nullptr : &before->second);
            if (made && made->native.empty()) programs_.push_back(std::move(made->program));
        }
        for (const diagnostics::Diagnostic& one : sink_.all()) {
            const Span where = one.primary.span;
            fmt::print(stderr, "{}:{}: {}\n", sources_.file(where.file).path,
                       sources_.position(where.file, where.begin).line, one.message);
        }
        return sink_.error_count() == 0;
    }

    std::string text() const {
        std::string out =
            "// Generated from stdlib/devices by compiler/device/embed.\n#include \"devices/programs/embedded.h\"\n\n"
            "namespace nyx::dev::programs {\n\nconst Embedded kEmbedded[] = {\n";
        for (const dev::ir::Program& program : programs_)
            out += fmt::format("    {{\"{}\", R\"nyx({})nyx\", {}}},\n", program.name,
                               dev::ir::canonical_json(std::span(&program, 1)), parts_.contains(program.name));
        return out + fmt::format("}};\nconst std::size_t kEmbeddedCount = {};\n\n}}  // namespace nyx::dev::programs\n",
                                 programs_.size());
    }

  private:
    source::SourceMap sources_;
    diagnostics::Sink sink_;
    StateLock lock_;
    std::vector<std::unique_ptr<ast::Module>> modules_;
    Known known_;
    std::set<std::string, std::less<>> parts_;
    std::vector<dev::ir::Program> programs_;
};

Result<int> embed(std::span<char* const> words) {
    Embedder embedder;
    NYX_TRY(embedder.read_lock(words[1]));
    bool is_part = false;
    for (std::size_t i = 3; i < words.size(); ++i) {
        const bool parts_follow = !is_part && words[i] == std::string_view("--parts") && i + 1 < words.size();
        if (parts_follow) {
            is_part = true;
            NYX_TRY(embedder.read_lock(words[++i]));
        } else {
            NYX_TRY(embedder.parse(words[i], is_part));
        }
    }
    if (!embedder.compile()) return 1;
    NYX_TRY(write_file(words[2], as_bytes(embedder.text())));
    return 0;
}

}  // namespace
}  // namespace nyx::device

int main(int count, char** words) {
    if (count < 4) {
        fmt::print(stderr, "usage: nyx-embed-devices LOCK OUTPUT.cc FILE.ny... [--parts FILE.ny...]\n");
        return 2;
    }
    const auto done = nyx::device::embed({words, static_cast<std::size_t>(count)});
    if (!done) fmt::print(stderr, "{}\n", done.error().text());
    return done ? *done : 1;
}

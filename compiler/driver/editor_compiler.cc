#include "compiler/driver/editor_compiler.h"

#include <algorithm>
#include <filesystem>

#include "compiler/driver/package_loader.h"
#include "compiler/driver/stdlib_folder.h"
#include "compiler/syntax/editing_parser.h"
#include "compiler/syntax/parser.h"
#include "nyx_version.h"

namespace nyx::driver {

using diagnostics::Diagnostic;
using lsp::Stage;

namespace {

constexpr std::size_t kMaxTrees = 500;
constexpr std::size_t kMaxDigests = 500;
constexpr std::size_t kMaxParsers = 16;

// The findings of `sink` from the one with index `begin` on.
std::vector<Diagnostic> since(const diagnostics::Sink& sink, std::size_t begin) {
    const std::vector<Diagnostic>& all = sink.all();
    begin = std::min(begin, all.size());
    return {all.begin() + static_cast<std::ptrdiff_t>(begin), all.end()};
}

void repeat(const std::vector<Diagnostic>& findings, diagnostics::Sink& sink) {
    for (const Diagnostic& one : findings)
        sink.report(one.code, one.severity, one.primary.span, one.message, one.primary.text) = one;
}

// Texts of the editor before those of the disk; trees from the cache.
class EditorLoader final : public PackageLoader {
  public:
    EditorLoader(std::string stdlib, package::Packages packages, TreeCache& trees, const lsp::OpenTexts& open,
                 const std::string& main_path, std::shared_ptr<const ast::Module> main)
        : PackageLoader(std::move(stdlib), std::move(packages)), trees_(trees), open_(open), main_(std::move(main)) {
        added_[main_path] = main_->file;
    }

    std::optional<std::uint32_t> open(source::SourceMap& sources, const std::string& path, bool is_stdlib) override {
        if (auto known = added_.find(path); known != added_.end()) return known->second;
        if (const std::string* text = open_ && !is_stdlib ? open_(path) : nullptr)
            return added_[path] = sources.add(path, *text);
        auto file = PackageLoader::open(sources, path, is_stdlib);
        if (file) added_[path] = *file;
        return file;
    }

    std::shared_ptr<const ast::Module> parse(const source::SourceMap& sources, std::uint32_t file,
                                             diagnostics::Sink& sink) override {
        if (file == main_->file) return main_;
        const source::SourceFile& source = sources.file(file);
        if (const TreeCache::Entry* known = trees_.find(source.path, file, source.text)) {
            repeat(known->findings, sink);
            return known->tree;
        }
        std::size_t before = sink.all().size();
        std::shared_ptr<const ast::Module> tree = syntax::parse(sources, file, sink);
        trees_.keep(source.path, file, {source.text, tree, since(sink, before)});
        return tree;
    }

  private:
    TreeCache& trees_;
    const lsp::OpenTexts& open_;
    std::shared_ptr<const ast::Module> main_;
    std::map<std::string, std::uint32_t> added_;
};

class EditorAnalysis final : public lsp::Analysis {
  public:
    EditorAnalysis(const std::string& path, const std::string& text, std::shared_ptr<syntax::EditingParser> parser,
                   TreeCache& trees, DigestCache& digests, lsp::OpenTexts open)
        : parser_(std::move(parser)), trees_(trees), digests_(digests), open_(std::move(open)) {
        main_ = compilation_.sources.add(path, text);
    }

    bool advance(Stage to, const lsp::Interrupted& interrupted) override {
        while (stage_ < to) {
            if (interrupted && interrupted()) return false;
            std::size_t before = begins_[static_cast<std::size_t>(stage_) + 1] = compilation_.sink.all().size();
            if (!next(interrupted)) {
                // What an interrupted stage has found is dropped: it begins anew.
                diagnostics::Sink kept;
                repeat({compilation_.sink.all().begin(),
                        compilation_.sink.all().begin() + static_cast<std::ptrdiff_t>(before)},
                       kept);
                compilation_.sink = std::move(kept);
                return false;
            }
            stage_ = static_cast<Stage>(static_cast<std::size_t>(stage_) + 1);
        }
        return true;
    }

    Stage stage() const override { return stage_; }
    std::vector<Diagnostic> diagnostics(Stage of) const override {
        std::size_t index = static_cast<std::size_t>(of);
        if (of == Stage::kNothing || of > stage_) return {};
        std::vector<Diagnostic> found = since(compilation_.sink, begins_[index]);
        if (of < stage_) found.resize(std::min(found.size(), begins_[index + 1] - begins_[index]));
        return found;
    }
    std::uint32_t main_file() const override { return main_; }
    const source::SourceMap* sources() const override { return &compilation_.sources; }
    const ast::Module* tree() const override { return tree_.get(); }
    const analyze::Model* model() const override { return stage_ >= Stage::kKnown ? &checked_->meaning : nullptr; }
    const std::vector<lsp::CheckedMachine>& machines() const override { return machines_; }

  private:
    bool next(const lsp::Interrupted& interrupted) {
        switch (stage_) {
            case Stage::kNothing:
                tree_ = parser_->parse(compilation_.sources, main_, compilation_.sink);
                return true;
            case Stage::kParsed:
                return know();
            default:
                return check(interrupted);
        }
    }

    bool know() {
        auto stdlib = stdlib_folder();
        if (!stdlib) return false;
        const std::string path = compilation_.sources.file(main_).path;
        std::size_t errors = compilation_.sink.error_count();
        auto packages = package::Packages::of_project(path, compilation_.sources, NYX_VERSION, compilation_.sink);
        EditorLoader loader(*stdlib, std::move(packages), trees_, open_, path, tree_);
        checked_ = load_modules(compilation_, main_, loader);
        if (compilation_.sink.error_count() != errors) checked_->program->clean = false;
        find_meaning(compilation_, *checked_);
        return true;
    }

    bool check(const lsp::Interrupted& interrupted) {
        machines_.clear();
        auto digest_of = [this](const std::string& path, ByteView bytes) { return digests_.of(path, bytes); };
        if (!run_and_check(compilation_, *checked_, interrupted)) return false;
        for (const model::Machine& machine : checked_->machines) {
            if (interrupted && interrupted()) return false;
            auto compiled = compile_machine(compilation_, machine, digest_of);
            machines_.push_back({machine, compiled ? std::optional(compiled->placed.plan) : std::nullopt});
        }
        for (const check::PartialMachine& partial : checked_->mistaken)
            place::check_partial(partial.machine, partial.has_boot, compilation_.sink);
        report_fleet(compilation_, *checked_);
        return true;
    }

    std::shared_ptr<syntax::EditingParser> parser_;
    TreeCache& trees_;
    DigestCache& digests_;
    lsp::OpenTexts open_;
    Compilation compilation_;
    std::uint32_t main_ = 0;
    Stage stage_ = Stage::kNothing;
    std::array<std::size_t, lsp::kStages + 1> begins_{};  // of each stage's findings
    std::shared_ptr<const ast::Module> tree_;
    std::optional<Checked> checked_;
    std::vector<lsp::CheckedMachine> machines_;
};

}  // namespace

Digest DigestCache::of(const std::string& path, ByteView bytes) {
    std::error_code error;
    auto written = std::filesystem::last_write_time(path, error);
    auto known = entries_.find(path);
    bool same =
        !error && known != entries_.end() && known->second.written == written && known->second.size == bytes.size();
    if (same) return known->second.digest;
    if (entries_.size() >= kMaxDigests) entries_.clear();
    Entry entry{written, bytes.size(), sha256(bytes)};
    entries_.insert_or_assign(path, entry);
    return entry.digest;
}

const TreeCache::Entry* TreeCache::find(const std::string& path, std::uint32_t file, const std::string& text) const {
    auto found = entries_.find({path, file});
    return found != entries_.end() && found->second.text == text ? &found->second : nullptr;
}

void TreeCache::keep(const std::string& path, std::uint32_t file, Entry entry) {
    if (entries_.size() >= kMaxTrees) entries_.clear();
    entries_.insert_or_assign({path, file}, std::move(entry));
}

std::unique_ptr<lsp::Analysis> EditorCompiler::begin(const std::string& path, const std::string& text,
                                                     const lsp::OpenTexts& open) {
    if (parsers_.size() >= kMaxParsers && !parsers_.contains(path)) parsers_.clear();
    auto& parser = parsers_[path];
    if (!parser) parser = std::make_shared<syntax::EditingParser>();
    return std::make_unique<EditorAnalysis>(path, text, parser, trees_, digests_, open);
}

const lsp::Library& EditorCompiler::stdlib() {
    if (library_) return *library_;
    struct Kept {
        Compilation compilation;
        Checked checked;
    };
    library_.emplace();
    auto kept = std::make_shared<Kept>();
    auto folder = stdlib_folder();
    auto checked = check_file(kept->compilation, "", std::string());
    if (!folder || !checked) return *library_;
    kept->checked = std::move(*checked);
    library_ = lsp::Library{kept->checked.schemas.get(), &kept->compilation.sources, *folder, kept};
    return *library_;
}

}  // namespace nyx::driver

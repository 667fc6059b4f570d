#include "compiler/lsp/workspace.h"

#include "compiler/lsp/uri.h"

namespace nyx::lsp {

namespace {

bool imports(const OpenFile& file, const std::string& path) {
    if (!file.analysis || file.analysis->stage() < Stage::kKnown) return false;
    const source::SourceMap& sources = *file.analysis->sources();
    for (std::uint32_t i = 0; i < sources.file_count(); ++i) {
        if (i != file.analysis->main_file() && sources.file(i).path == path) return true;
    }
    return false;
}

}  // namespace

OpenFile& Workspace::open(const std::string& uri, std::string text, std::int64_t version) {
    files_.erase(uri);
    OpenFile file{.uri = uri,
                  .path = path_of_uri(uri),
                  .document = Document(std::move(text), client.encoding),
                  .version = version,
                  .analysis = nullptr,
                  .findings = {},
                  .tokens = {},
                  .published = {}};
    OpenFile& entered = files_.emplace(uri, std::move(file)).first->second;
    changed(entered);
    return entered;
}

void Workspace::close(const std::string& uri) {
    auto found = files_.find(uri);
    if (found == files_.end()) return;
    std::string path = found->second.path;
    files_.erase(found);
    for (auto& [other_uri, other] : files_) {
        if (imports(other, path)) changed(other);
    }
}

OpenFile* Workspace::find(const std::string& uri) {
    auto found = files_.find(uri);
    return found == files_.end() ? nullptr : &found->second;
}

const OpenFile* Workspace::find_path(const std::string& path) const {
    for (const auto& [uri, file] : files_) {
        if (file.path == path || uri_of_path(file.path) == uri_of_path(path)) return &file;
    }
    return nullptr;
}

void Workspace::changed(OpenFile& file) {
    for (auto& [uri, other] : files_) {
        if (&other == &file || !imports(other, file.path)) continue;
        other.analysis.reset();
        other.is_due = true;
    }
    if (retired_.size() > 4) free_retired();
    if (file.analysis) retired_.push_back(std::move(file.analysis));
    file.is_due = true;
    file.turn = ++turn_;
}

void Workspace::changed_on_disk() {
    for (auto& [uri, file] : files_) {
        file.analysis.reset();
        file.is_due = true;
    }
}

OpenTexts Workspace::open_texts(const std::string& except) const {
    return [this, except](const std::string& path) -> const std::string* {
        for (const auto& [uri, file] : files_) {
            if (uri != except && file.path == path) return &file.document.text();
        }
        return nullptr;
    };
}

bool Workspace::advance(OpenFile& file, Stage stage, const Interrupted& interrupted) {
    if (!file.analysis) file.analysis = compiler_.begin(file.path, file.document.text(), open_texts(file.uri));
    if (!file.analysis) return false;
    Stage before = file.analysis->stage();
    bool done = file.analysis->advance(stage, interrupted);
    for (auto one = static_cast<std::size_t>(before) + 1; one <= static_cast<std::size_t>(file.analysis->stage());
         ++one)
        file.findings.take(*file.analysis, static_cast<Stage>(one));
    return done;
}

std::unique_ptr<Analysis> Workspace::analyze_copy(const OpenFile& file, const std::string& text, Stage stage,
                                                  const Interrupted& interrupted) {
    auto analysis = compiler_.begin(file.path, text, open_texts(file.uri));
    return analysis && analysis->advance(stage, interrupted) ? std::move(analysis) : nullptr;
}

OpenFile* Workspace::due() {
    OpenFile* next = nullptr;
    for (auto& [uri, file] : files_) {
        if (file.is_due && (!next || file.turn > next->turn)) next = &file;
    }
    return next;
}

}  // namespace nyx::lsp

// The pipeline for the language server: stage by stage, with the editor's texts in place of the files', and without
// parsing again what has not changed. Not thread-safe.
#pragma once

#include <filesystem>
#include <map>

#include "compiler/driver/pipeline.h"
#include "compiler/lsp/analysis.h"
#include "compiler/syntax/editing_parser.h"

namespace nyx::driver {

// Trees of the files that texts import. A tree's spans name its file by index, so a tree is good for the same text at
// the same index.
class TreeCache {
  public:
    struct Entry {
        std::string text;
        std::shared_ptr<const ast::Module> tree;
        std::vector<diagnostics::Diagnostic> findings;
    };
    // Null where it is not known.
    const Entry* find(const std::string& path, std::uint32_t file, const std::string& text) const;
    void keep(const std::string& path, std::uint32_t file, Entry entry);

  private:
    std::map<std::pair<std::string, std::uint32_t>, Entry> entries_;
};

// Digests of the files that machines name, until a file is written again.
class DigestCache {
  public:
    Digest of(const std::string& path, ByteView bytes);

  private:
    struct Entry {
        std::filesystem::file_time_type written;
        std::size_t size = 0;
        Digest digest{};
    };
    std::map<std::string, Entry> entries_;
};

class EditorCompiler final : public lsp::Compiler {
  public:
    std::unique_ptr<lsp::Analysis> begin(const std::string& path, const std::string& text,
                                         const lsp::OpenTexts& open) override;
    const lsp::Library& stdlib() override;

  private:
    std::map<std::string, std::shared_ptr<syntax::EditingParser>> parsers_;  // of the texts that are edited, by path
    TreeCache trees_;
    DigestCache digests_;
    std::optional<lsp::Library> library_;
};

}  // namespace nyx::driver

// The open files with what is known of them, and the folders they are in. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "compiler/lsp/analysis.h"
#include "compiler/lsp/document.h"
#include "compiler/lsp/findings.h"

namespace nyx::lsp {

struct OpenFile {
    std::string uri;
    std::string path;
    Document document;
    std::int64_t version = 0;
    std::unique_ptr<Analysis> analysis;  // of the text as it is; null: not begun
    Findings findings;
    std::vector<std::uint32_t> tokens;  // the semantic tokens that the editor has, and which answer they were
    std::uint64_t tokens_id = 0;
    nlohmann::json published;  // the diagnostics that the editor shows
    std::uint64_t turn = 0;    // of its last change; the greatest is looked at first
    bool is_due = true;        // what was published is not all that there is to say
    bool was_edited = false;
};

// What the editor can do, from "initialize".
struct Client {
    Encoding encoding = Encoding::kUtf16;
    bool snippets = false;
};

class Workspace {
  public:
    explicit Workspace(Compiler& compiler) : compiler_(compiler) {}

    Client client;
    std::vector<std::string> folders;            // paths
    std::shared_ptr<class SymbolIndex> symbols;  // of files that are not open; null: nobody has asked

    OpenFile& open(const std::string& uri, std::string text, std::int64_t version);
    void close(const std::string& uri);
    // Null where it is not open. The URI as the editor writes it.
    OpenFile* find(const std::string& uri);
    // By path; editors escape more in a URI than is needed, or less.
    const OpenFile* find_path(const std::string& path) const;
    std::map<std::string, OpenFile>& files() { return files_; }
    const std::map<std::string, OpenFile>& files() const { return files_; }

    // After the file's document has changed: nothing is known of it, nor of what imports it.
    void changed(OpenFile& file);
    // Something on disk may have changed: all is looked at again.
    void changed_on_disk();
    // Takes what is known of the text to `stage`; false where that was interrupted or cannot be.
    bool advance(OpenFile& file, Stage stage, const Interrupted& interrupted);
    // The file to look at next; null: all is said.
    OpenFile* due();
    // Frees what the edits have made useless: not before the next syntax is published, for it takes a while.
    void free_retired() { retired_.clear(); }

    // Another text in the place of the file's own, once, up to `stage`; null where that was interrupted.
    std::unique_ptr<Analysis> analyze_copy(const OpenFile& file, const std::string& text, Stage stage,
                                           const Interrupted& interrupted);
    const Library& stdlib() { return compiler_.stdlib(); }

  private:
    OpenTexts open_texts(const std::string& except) const;

    Compiler& compiler_;
    std::map<std::string, OpenFile> files_;  // by URI
    std::uint64_t turn_ = 0;
    std::vector<std::unique_ptr<Analysis>> retired_;
};

}  // namespace nyx::lsp

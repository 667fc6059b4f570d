// What files declare, for search by name. Bounded: a folder with millions of files costs no more than the limits say.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "compiler/lsp/analysis.h"
#include "compiler/lsp/document.h"

namespace nyx::lsp {

struct Declaration {
    std::string name;
    std::string container;  // the class, module or machine around
    int kind = 0;           // SymbolKind of the protocol
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

std::vector<Declaration> declarations_of(const ast::Module& module);
// The .ny files below these folders, without hidden ones and those of builds; sorted.
std::vector<std::string> nyx_files(const std::vector<std::string>& folders, const Interrupted& useless);

// Declarations of files that are not open, read again when a file has changed. Not thread-safe.
class SymbolIndex {
  public:
    struct Entry {
        std::filesystem::file_time_type written;
        std::uintmax_t size = 0;
        Document document;
        std::vector<Declaration> declared;
    };
    explicit SymbolIndex(Encoding encoding) : encoding_(encoding) {}
    // Null where it cannot be read. Valid until the next call.
    const Entry* of_file(const std::string& path);

  private:
    Encoding encoding_;
    std::map<std::string, Entry> entries_;
};

}  // namespace nyx::lsp

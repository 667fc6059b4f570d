// A server with one document, and what the editor knows of it. Of use on one thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "compiler/driver/editor_compiler.h"
#include "compiler/lsp/server.h"

namespace nyx::lsp {

class FuzzEditor {
  public:
    explicit FuzzEditor(const std::string& text);

    const std::string& text() const { return text_; }
    // Offsets in bytes, moved to where a position can be.
    void replace(std::size_t begin, std::size_t end, const std::string& with);
    // Some of what is due, as when the next key comes early.
    void step(int count);
    // A request of any kind about the place at this offset; the answer.
    nlohmann::json ask(const char* method, std::size_t offset);
    // Everything that an editor would show.
    nlohmann::json state();
    const ast::Module& tree();

  private:
    std::vector<nlohmann::json> send(const char* method, const nlohmann::json& params, int id = 0);

    std::string text_;
    int version_ = 1;
    nlohmann::json diagnostics_;
    driver::EditorCompiler compiler_;
    Server server_{compiler_, "1"};
};

}  // namespace nyx::lsp

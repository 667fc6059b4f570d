// Edits and requests of chance, among them some that know the grammar.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "fuzz_editor.h"

namespace nyx::lsp {

class FuzzTypist {
  public:
    // corpus: texts to begin with and to take lines from; it outlives this.
    FuzzTypist(const std::vector<std::string>& corpus, std::uint64_t seed) : corpus_(corpus), random_(seed) {}

    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
    const std::string& some_text() { return corpus_[below(corpus_.size())]; }
    void edit(FuzzEditor& editor);
    void ask(FuzzEditor& editor);

  private:
    std::string piece();
    std::string some_lines(const std::string& text);
    void type(FuzzEditor& editor, std::size_t at, const std::string& text);
    void move_line(FuzzEditor& editor, std::size_t at);
    void replace_word(FuzzEditor& editor, std::size_t at);

    const std::vector<std::string>& corpus_;
    std::mt19937_64 random_;
};

}  // namespace nyx::lsp

// The words before a place of a text, and the brackets among them that are open there.
//
// A name is put where the place is, so that the words are what they are in a text that goes on. Pure, linear.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/syntax/words.h"

namespace nyx::lsp {

class WordsBefore {
  public:
    struct Open {
        char bracket = '{';
        std::size_t word = 0;   // of the bracket
        std::size_t start = 0;  // of the statement or argument that is being written: an index of a word
        std::size_t commas = 0;
        std::vector<std::string> named;
        std::size_t statement = 0;  // of the statement in which the bracket stands
    };

    explicit WordsBefore(std::string code);

    std::string_view text(std::size_t i) const {
        return i < words_.size() ? std::string_view(text_).substr(words_[i].begin, words_[i].end - words_[i].begin)
                                 : std::string_view();
    }
    syntax::WordKind kind(std::size_t i) const {
        return i < words_.size() ? words_[i].kind : syntax::WordKind::kEndOfFile;
    }
    const syntax::Word& word(std::size_t i) const { return words_[i]; }
    bool on_one_line(std::size_t first, std::size_t second) const {
        std::size_t line = text_.find('\n', words_[first].end);
        return line == std::string::npos || line >= words_[second].begin;
    }
    std::size_t count() const { return words_.size(); }
    const std::vector<Open>& open() const { return open_; }
    const Open& inner() const { return open_.back(); }
    // The words of the statement or argument that is being written.
    std::size_t length() const { return words_.size() - inner().start; }

  private:
    void read(std::size_t i);

    std::size_t cut_;
    std::string text_;
    std::vector<syntax::Word> words_;
    std::vector<Open> open_;
};

}  // namespace nyx::lsp

// The text of a file as the lexer reads it: one symbol a byte, so that every position is a byte offset.
//
// The lexer's automaton remembers its steps only for symbols up to 0x7F; all bytes from 0x7F on are therefore handed
// out as 0x7F, which the grammar takes as "part of a character beyond ASCII". The text must outlive the stream.
#pragma once

#include <antlr4-runtime.h>

#include <string_view>

namespace nyx::syntax {

class ByteStream final : public antlr4::CharStream {
  public:
    explicit ByteStream(std::string_view text) : text_(text) {}

    void consume() override { ++index_; }
    size_t LA(ssize_t i) override;
    ssize_t mark() override { return -1; }
    void release(ssize_t) override {}
    size_t index() override { return index_; }
    void seek(size_t index) override { index_ = index; }
    size_t size() override { return text_.size(); }
    std::string getSourceName() const override { return {}; }
    std::string getText(const antlr4::misc::Interval& interval) override;
    std::string toString() const override { return std::string(text_); }

  private:
    std::string_view text_;
    size_t index_ = 0;
};

}  // namespace nyx::syntax

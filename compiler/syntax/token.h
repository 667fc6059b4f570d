// What the parser reads: tokens with their brackets matched, and the stream of them.
#pragma once

#include <antlr4-runtime.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"

namespace nyx::syntax {

class SyntaxToken final : public antlr4::Token {
  public:
    static constexpr std::uint32_t kNoPartner = 0xFFFFFFFF;
    static constexpr std::uint16_t kEof = 0xFFFF;

    SyntaxToken(std::uint16_t kind, std::uint32_t from, std::uint32_t to) : begin(from), end(to), type(kind) {}

    std::uint32_t begin = 0;  // bytes of the file
    std::uint32_t end = 0;
    std::uint32_t index = 0;             // in the stream
    std::uint32_t partner = kNoPartner;  // index of the other bracket; every bracket has one
    std::uint16_t type = 0;
    bool starts_statement = false;
    bool holds_items = false;  // of a `{`: what stands in it are items of a device, not statements

    std::string getText() const override { return {}; }
    size_t getType() const override { return type == kEof ? antlr4::Token::EOF : type; }
    size_t getLine() const override { return 0; }
    size_t getCharPositionInLine() const override { return 0; }
    size_t getChannel() const override { return antlr4::Token::DEFAULT_CHANNEL; }
    size_t getTokenIndex() const override { return index; }
    size_t getStartIndex() const override { return begin; }
    size_t getStopIndex() const override { return end; }
    antlr4::TokenSource* getTokenSource() const override { return nullptr; }
    antlr4::CharStream* getInputStream() const override { return nullptr; }
    std::string toString() const override { return {}; }
};

// Never empty: the last token is the end of the file.
class TokenList final : public antlr4::TokenStream {
  public:
    explicit TokenList(std::vector<SyntaxToken> tokens);

    SyntaxToken& at(size_t index) { return tokens_[std::min(index, tokens_.size() - 1)]; }
    SyntaxToken& current() { return at(index_); }
    const std::vector<SyntaxToken>& all() const { return tokens_; }

    // The statement from token `first` to its end, at token `last`, is one KNOWN_STATEMENT from now on.
    void know(std::uint32_t first, std::uint32_t last);
    // Token `index` is again as it was laid out, if a KNOWN_STATEMENT took its place.
    void forget(std::size_t index);
    // All tokens as they were laid out; the list is empty afterwards.
    std::vector<SyntaxToken> take();

    antlr4::Token* LT(ssize_t k) override;
    antlr4::Token* get(size_t index) const override { return const_cast<SyntaxToken*>(&tokens_[index]); }
    void consume() override;
    size_t LA(ssize_t i) override;
    ssize_t mark() override { return 0; }
    void release(ssize_t) override {}
    size_t index() override { return index_; }
    void seek(size_t index) override { index_ = std::min(index, tokens_.size() - 1); }
    size_t size() override { return tokens_.size(); }
    std::string getSourceName() const override { return {}; }
    antlr4::TokenSource* getTokenSource() const override { return nullptr; }
    std::string getText(const antlr4::misc::Interval&) override { return {}; }
    std::string getText() override { return {}; }
    std::string getText(antlr4::RuleContext*) override { return {}; }
    std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }

  private:
    size_t after(size_t index) const;

    std::vector<SyntaxToken> tokens_;
    size_t index_ = 0;
    std::vector<SyntaxToken> replaced_;  // by KNOWN_STATEMENT, in their order
};

// The first four steps of parsing: scan, mend what is another language's, balance, lay out.
TokenList read_tokens(std::string_view text, std::uint32_t file, diagnostics::Sink& sink);

}  // namespace nyx::syntax

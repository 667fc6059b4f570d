#include "compiler/syntax/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nyx::syntax {

namespace {

constexpr std::string_view kKeywords[] = {
    "let",      "mut",    "const", "fn",        "class",   "extends", "module", "import",  "use",   "from",
    "if",       "else",   "while", "for",       "in",      "switch",  "case",   "default", "match", "break",
    "continue", "return", "try",   "catch",     "finally", "throw",   "raise",  "assert",  "pass",  "true",
    "false",    "null",   "super", "typealias", "and",     "or",      "not"};
constexpr std::string_view kPuncts[] = {"<<=", ">>=", "...", "**", "//", "??", "?.", "..", "=>", "->",
                                        "&&",  "||",  "==",  "!=", "<=", ">=", "<<", ">>", "+=", "-=",
                                        "*=",  "/=",  "%=",  "|=", "&=", "^=", "++", "--"};

bool name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool digit(char c) {
    return c >= '0' && c <= '9';
}
bool name_part(char c) {
    return name_start(c) || digit(c);
}

class Lexer {
  public:
    Lexer(std::string_view text, std::uint32_t file, std::uint32_t base, diagnostics::Sink& sink)
        : text_(text), file_(file), base_(base), sink_(sink) {}

    std::vector<Token> run() {
        if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
        while (at_ < text_.size()) one();
        add(Tok::kNewline, at_, at_);
        add(Tok::kEnd, at_, at_);
        return std::move(out_);
    }

  private:
    char peek(std::size_t n = 0) const { return at_ + n < text_.size() ? text_[at_ + n] : '\0'; }
    Span span(std::size_t b, std::size_t e) const {
        return {file_, base_ + static_cast<std::uint32_t>(b), base_ + static_cast<std::uint32_t>(e)};
    }
    void add(Tok kind, std::size_t b, std::size_t e) { out_.push_back({kind, text_.substr(b, e - b), span(b, e)}); }

    void one() {
        char c = peek();
        if (c == '\n') return newline();
        if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
            ++at_;
        } else if (c == '#') {
            while (at_ < text_.size() && peek() != '\n') ++at_;
        } else if (name_start(c)) {
            name();
        } else if (digit(c)) {
            number();
        } else if (c == '"' || c == '\'') {
            string(c);
        } else {
            punct();
        }
    }

    bool continues_before() const {
        if (out_.empty()) return true;
        const Token& last = out_.back();
        if (last.kind == Tok::kNewline) return true;
        if (last.kind != Tok::kPunct)
            return last.kind == Tok::kKeyword &&
                   (last.text == "and" || last.text == "or" || last.text == "not" || last.text == "in");
        return !(last.text == ")" || last.text == "]" || last.text == "}" || last.text == "++" || last.text == "--" ||
                 last.text == "?" || last.text == ";");
    }

    bool continues_after() const {
        std::size_t i = at_ + 1;
        while (i < text_.size()) {
            if (text_[i] == ' ' || text_[i] == '\t' || text_[i] == '\r' || text_[i] == '\n') {
                ++i;
            } else if (text_[i] == '#') {
                while (i < text_.size() && text_[i] != '\n') ++i;
            } else {
                break;
            }
        }
        if (i >= text_.size()) return false;
        return (text_[i] == '.' && (i + 1 >= text_.size() || text_[i + 1] != '.')) || text_.substr(i, 2) == "?.";
    }

    void newline() {
        bool in_brackets = !open_.empty() && open_.back() != '{';
        if (!in_brackets && !continues_before() && !continues_after()) add(Tok::kNewline, at_, at_ + 1);
        ++at_;
    }

    void name() {
        std::size_t b = at_;
        while (name_part(peek())) ++at_;
        std::string_view word = text_.substr(b, at_ - b);
        bool member =
            !out_.empty() && out_.back().kind == Tok::kPunct && (out_.back().text == "." || out_.back().text == "?.");
        bool keyword = !member && std::find(std::begin(kKeywords), std::end(kKeywords), word) != std::end(kKeywords);
        add(keyword ? Tok::kKeyword : Tok::kName, b, at_);
    }

    void number() {
        std::size_t b = at_;
        bool is_float = false;
        bool based = peek() == '0' && (peek(1) == 'x' || peek(1) == 'o' || peek(1) == 'b');
        while (name_part(peek())) ++at_;
        if (!based && peek() == '.' && digit(peek(1))) {
            is_float = true;
            ++at_;
            while (name_part(peek())) ++at_;
        }
        if (!based && (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E') && (peek() == '+' || peek() == '-')) {
            ++at_;
            while (digit(peek())) ++at_;
        }
        std::string_view word = text_.substr(b, at_ - b);
        if (!based && word.find_first_of("eE") != std::string_view::npos) is_float = true;
        add(is_float ? Tok::kFloat : Tok::kInt, b, at_);
    }

    void string(char quote) {
        std::size_t b = at_;
        bool triple = text_.substr(at_, 3) == "\"\"\"";
        at_ += triple ? 3 : 1;
        int braces = 0;
        while (at_ < text_.size()) {
            char c = peek();
            if (c == '\\') {
                at_ += 2;
            } else if (braces == 0 && (triple ? text_.substr(at_, 3) == "\"\"\"" : c == quote)) {
                at_ += triple ? 3 : 1;
                return add(Tok::kString, b, at_);
            } else if (!triple && c == '\n') {
                break;
            } else {
                if (c == '$' && peek(1) == '{') {
                    ++braces;
                    ++at_;
                } else if (braces > 0 && c == '}') {
                    --braces;
                }
                ++at_;
            }
        }
        at_ = std::min(at_, text_.size());
        sink_.report(diagnostics::Code::kSyntax, span(b, at_), "this string is not closed");
        add(Tok::kString, b, at_);
    }

    void punct() {
        std::size_t length = 1;
        for (std::string_view p : kPuncts) {
            if (text_.substr(at_, p.size()) == p) {
                length = p.size();
                break;
            }
        }
        char c = peek();
        static constexpr std::string_view kSingle = "+-*/%|&^~!<>=.,;:?()[]{}@";
        if (length == 1 && kSingle.find(c) == std::string_view::npos) {
            sink_.report(diagnostics::Code::kSyntax, span(at_, at_ + 1), "this character has no meaning here");
            ++at_;
            return;
        }
        if (length == 1 && (c == '(' || c == '[' || c == '{')) open_.push_back(c);
        if (length == 1 && (c == ')' || c == ']' || c == '}') && !open_.empty()) open_.pop_back();
        add(Tok::kPunct, at_, at_ + length);
        at_ += length;
    }

    std::string_view text_;
    std::uint32_t file_;
    std::uint32_t base_;
    diagnostics::Sink& sink_;
    std::size_t at_ = 0;
    std::string open_;
    std::vector<Token> out_;
};

}  // namespace

std::vector<Token> lex(std::string_view text, std::uint32_t file, std::uint32_t base, diagnostics::Sink& sink) {
    return Lexer(text, file, base, sink).run();
}

}  // namespace nyx::syntax

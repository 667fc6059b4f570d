#include "compiler/interchange/shell_words.h"

namespace nyx::interchange {

namespace {

class Splitter {
  public:
    explicit Splitter(std::string_view text) : text_(text) {}

    ShellWords split() {
        while (at_ < text_.size() && result_.open_quote == std::string_view::npos) step();
        end_word();
        return std::move(result_);
    }

  private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    // `\` before a line end joins two lines, whichever way lines end.
    std::size_t continuation() const {
        if (peek() != '\\') return 0;
        if (peek(1) == '\n') return 2;
        return peek(1) == '\r' && peek(2) == '\n' ? 3 : 0;
    }

    void step() {
        char c = peek();
        if (std::size_t size = continuation()) {
            at_ += size;
        } else if (c == ' ' || c == '\t' || c == '\r') {
            end_word();
            ++at_;
        } else if (c == '\n' || c == '|' || c == ';' || c == '&' || c == '<' || c == '>') {
            end_word();
            result_.words.push_back({std::string(1, c), at_, at_ + 1, true, false});
            ++at_;
        } else if (c == '#' && !open_) {
            while (at_ < text_.size() && peek() != '\n') ++at_;
        } else if (c == '\'') {
            quote('\'');
        } else if (c == '"') {
            quote('"');
        } else {
            plain();
        }
    }

    void plain() {
        begin_word();
        if (peek() == '\\' && at_ + 1 < text_.size())
            ++at_;
        else if (peek() == '$' || peek() == '`')
            word_.has_variable = true;
        word_.text += peek();
        ++at_;
    }

    void quote(char kind) {
        begin_word();
        std::size_t from = at_++;
        while (at_ < text_.size() && peek() != kind) {
            if (kind == '"' && continuation() > 0) {
                at_ += continuation();
                continue;
            }
            if (kind == '"' && peek() == '\\' && std::string_view("\\\"$`").find(peek(1)) != std::string_view::npos &&
                peek(1) != '\0') {
                ++at_;
            } else if (kind == '"' && (peek() == '$' || peek() == '`')) {
                word_.has_variable = true;
            }
            word_.text += peek();
            ++at_;
        }
        if (at_ >= text_.size()) result_.open_quote = from;
        ++at_;
    }

    void begin_word() {
        if (open_) return;
        open_ = true;
        word_ = {};
        word_.begin = at_;
    }
    void end_word() {
        if (!open_) return;
        open_ = false;
        word_.end = at_ < text_.size() ? at_ : text_.size();
        result_.words.push_back(std::move(word_));
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool open_ = false;
    ShellWord word_;
    ShellWords result_;
};

}  // namespace

ShellWords shell_words(std::string_view text) {
    return Splitter(text).split();
}

}  // namespace nyx::interchange

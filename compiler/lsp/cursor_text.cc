#include "compiler/lsp/cursor_text.h"

#include <string>
#include <vector>

namespace nyx::lsp {

namespace {

// Strings may hold code (`${…}`), which may hold strings.
class Reader {
  public:
    Reader(std::string_view text, std::uint32_t end) : text_(text.substr(0, end)) {}

    Surroundings read() {
        while (at_ < text_.size()) {
            if (comment_) {
                comment_ = text_[at_] != '\n' && text_[at_] != '\r';
                ++at_;
            } else if (open_.empty() || open_.back().is_code) {
                code();
            } else {
                string();
            }
        }
        if (comment_) return {Surroundings::Kind::kComment, 0};
        if (open_.empty()) return {Surroundings::Kind::kCode, 0};
        const Open& last = open_.back();
        return {last.is_code ? Surroundings::Kind::kCode : Surroundings::Kind::kString, last.begin};
    }

  private:
    struct Open {
        bool is_code = false;
        std::string quote;  // of strings
        std::uint32_t begin = 0;
        int braces = 0;  // of code
    };

    bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }

    void code() {
        char c = text_[at_];
        if (c == '#') comment_ = true;
        if (c == '"' || c == '\'') {
            std::string quote = starts("\"\"\"") ? "\"\"\"" : std::string(1, c);
            at_ += quote.size();
            open_.push_back({false, quote, static_cast<std::uint32_t>(at_), 0});
            return;
        }
        if (!open_.empty() && c == '{') ++open_.back().braces;
        if (!open_.empty() && c == '}' && open_.back().braces-- == 0) open_.pop_back();
        // A `${` that nothing closes ends with its line, unless a long string is around it.
        if (c == '\n' && open_.size() >= 2 && open_[open_.size() - 2].quote.size() == 1) open_.clear();
        ++at_;
    }

    void string() {
        const std::string quote = open_.back().quote;
        if (text_[at_] == '\\') {
            at_ += 2;
        } else if (starts(quote)) {
            at_ += quote.size();
            open_.pop_back();
        } else if (starts("${") && quote != "'") {
            at_ += 2;
            open_.push_back({true, {}, static_cast<std::uint32_t>(at_), 0});
        } else {
            // A string of one line ends with it, closed or not.
            if (text_[at_] == '\n' && quote.size() == 1) open_.pop_back();
            ++at_;
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool comment_ = false;
    std::vector<Open> open_;
};

}  // namespace

Surroundings surroundings(std::string_view text, std::uint32_t offset) {
    return Reader(text, offset).read();
}

}  // namespace nyx::lsp

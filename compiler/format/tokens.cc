#include "compiler/format/tokens.h"

#include <algorithm>
#include <array>
#include <utility>

namespace nyx::format {

namespace {

// Reads what stands between two words: blanks, ends of lines, comments, `;`.
class Gap {
  public:
    explicit Gap(Token& next) : next_(next) {}

    void read(std::string_view text, bool at_start) {
        line_has_words_ = !at_start;
        for (std::size_t i = 0; i < text.size();) {
            if (text[i] == '#') {
                i = comment(text, i);
            } else if (text[i] == '\n' || text[i] == '\r') {
                i += text.substr(i).starts_with("\r\n") ? 2u : 1u;
                end_of_line();
            } else {
                ++i;
            }
        }
        next_.newline_before |= newlines_ > 0 || commented_;
        next_.blank_line_before |= newlines_ > 1;
    }

  private:
    std::size_t comment(std::string_view text, std::size_t at) {
        std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
        std::string_view content = text.substr(at, end - at);
        content = content.substr(0, content.find_last_not_of(" \t") + 1);
        next_.comments.push_back({content, !line_has_words_, newlines_ > 1});
        commented_ = true;
        newlines_ = 0;
        return end;
    }

    void end_of_line() {
        ++newlines_;
        line_has_words_ = false;
    }

    Token& next_;
    bool line_has_words_ = true;
    bool commented_ = false;
    int newlines_ = 0;
};

// A comment before a `,` goes behind it, so that no `,` begins a line.
void move_comments_behind_commas(std::vector<Token>& tokens) {
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        if (tokens[i].text != "," || tokens[i].kind != WordKind::kSymbol) continue;
        Token& next = tokens[i + 1];
        next.newline_before |= tokens[i].newline_before;
        bool both = !tokens[i].comments.empty() && !next.comments.empty();
        if (both) next.comments.front().own_line = true;
        next.comments.insert(next.comments.begin(), tokens[i].comments.begin(), tokens[i].comments.end());
        tokens[i].comments.clear();
        tokens[i].newline_before = false;
    }
}

std::uint8_t precedence_of(const Token& token) {
    using Entry = std::pair<std::string_view, std::uint8_t>;
    static constexpr std::array<Entry, 24> kOperators = {
        {{"??", 1},  {"||", 2}, {"or", 2}, {"&&", 3}, {"and", 3}, {"|", 4},   {"^", 5},  {"&", 6},
         {"==", 7},  {"!=", 7}, {"<", 8},  {">", 8},  {"<=", 8},  {">=", 8},  {"in", 9}, {"<<", 10},
         {"..", 11}, {"+", 12}, {"-", 12}, {"*", 13}, {"/", 13},  {"//", 13}, {"%", 13}, {"**", 14}}};
    if (token.kind != WordKind::kSymbol && token.kind != WordKind::kKeyword) return 0;
    const auto* found = std::find_if(kOperators.begin(), kOperators.end(),
                                     [&](const Entry& entry) { return entry.first == token.text; });
    return found == kOperators.end() ? std::uint8_t{0} : found->second;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> choices) {
    return std::find(choices.begin(), choices.end(), text) != choices.end();
}

bool opens(const Token& token) {
    return token.kind == WordKind::kMapOpen ||
           (token.kind == WordKind::kSymbol && (token.text == "(" || token.text == "["));
}

bool is_symbol(const Token& token, std::string_view text) {
    return token.kind == WordKind::kSymbol && token.text == text;
}

bool is_prefix(const Token& token) {
    bool sign = is_symbol(token, "-") && token.precedence == 0;
    return sign || is_symbol(token, "!") || is_symbol(token, "~");
}

// Nothing may be between it and the token before it, whatever that is.
bool always_tight(const Token& token) {
    if (token.kind == WordKind::kBlockOpen || token.kind == WordKind::kMapOpen) return false;
    if (token.kind != WordKind::kSymbol) return false;
    if (token.text == ":") return !token.apart;
    if (token.in_type && is_one_of(token.text, {"<", ">", "?"})) return true;
    return is_one_of(token.text, {")", "]", ",", ";", ".", "?.", "..", "++", "--", "?"});
}

bool tight_after(const Token& before, const Token& token) {
    if (opens(before) || is_symbol(before, ".") || is_symbol(before, "?.") || is_symbol(before, "..")) return true;
    if (before.in_slice || is_symbol(before, "@")) return true;
    if (before.in_type && is_symbol(before, "<")) return true;
    if (is_prefix(before)) return !is_symbol(before, "-") || !token.text.starts_with('-');
    return false;
}

bool opens_suffix(const Token& before, const Token& token) {
    if (token.apart || (!is_symbol(token, "(") && !is_symbol(token, "["))) return false;
    if (before.kind == WordKind::kKeyword) return before.text == "fn" && token.text == "(";
    return ends_value(before);
}

}  // namespace

bool ends_value(const Token& token) {
    switch (token.kind) {
        case WordKind::kName:
        case WordKind::kValue:
        case WordKind::kNumber:
        case WordKind::kUnit:
        case WordKind::kString:
            return true;
        case WordKind::kSymbol:
            return is_one_of(token.text, {")", "]", "}", "++", "--"}) ||
                   (token.in_type && is_one_of(token.text, {">", "?"}));
        default:
            return false;
    }
}

TokenStream read_tokens(std::string_view text, const std::vector<syntax::Word>& words) {
    TokenStream stream;
    std::uint32_t end = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    for (const syntax::Word& word : words) {
        if (word.kind == WordKind::kEndOfStatement) {
            if (!stream.ends.empty()) stream.ends.back() = true;
            continue;
        }
        Token token;
        token.text = text.substr(word.begin, word.end - word.begin);
        token.kind = word.kind;
        Gap(token).read(text.substr(end, word.begin - end), stream.tokens.empty());
        token.starts_statement = stream.tokens.empty() || stream.ends.back();
        end = word.end;
        stream.tokens.push_back(std::move(token));
        stream.ends.push_back(false);
    }
    move_comments_behind_commas(stream.tokens);
    return stream;
}

void set_blanks(std::vector<Token>& tokens) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        Token& token = tokens[i];
        if (token.starts_statement) continue;
        const Token& before = tokens[i - 1];
        bool between_values = ends_value(before) && !token.in_type;
        bool negated = is_symbol(token, "-") || token.text == "in";
        if (between_values || (!negated && !token.in_type) || before.text == "not")
            token.precedence = precedence_of(token);
        bool shift = is_symbol(token, ">") && is_symbol(before, ">") && !token.in_type;
        token.tight |= always_tight(token) || tight_after(before, token) || opens_suffix(before, token) || shift;
    }
}

}  // namespace nyx::format

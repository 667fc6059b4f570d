#include "compiler/syntax/brackets.h"

#include <NyxLexer.h>
#include <fmt/format.h>

#include <algorithm>

namespace nyx::syntax {

namespace {

using diagnostics::Code;
using grammar::NyxLexer;

struct Open {
    Lexeme bracket;
    std::size_t at = 0;          // in the output
    std::uint32_t indent = 0;    // of the line on which it stands
    bool body_indented = false;  // a line inside it stands further right
};

std::uint16_t closer_of(std::uint16_t opener) {
    switch (opener) {
        case NyxLexer::LPAREN:
            return NyxLexer::RPAREN;
        case NyxLexer::LBRACKET:
            return NyxLexer::RBRACKET;
        case NyxLexer::LBRACE:
            return NyxLexer::RBRACE;
        default:
            return NyxLexer::INTERPOLATION_END;
    }
}

std::string_view symbol(std::uint16_t type) {
    switch (type) {
        case NyxLexer::LPAREN:
            return "(";
        case NyxLexer::RPAREN:
            return ")";
        case NyxLexer::LBRACKET:
            return "[";
        case NyxLexer::RBRACKET:
            return "]";
        case NyxLexer::LBRACE:
            return "{";
        case NyxLexer::INTERPOLATION_BEGIN:
            return "${";
        default:
            return "}";
    }
}

// How many brackets are wrong, without saying which: how often the guess from indentation may be trusted below.
std::size_t count_problems(const Lexemes& lexemes) {
    std::vector<std::uint16_t> open;
    std::size_t problems = 0;
    bool deep = false;
    for (const Lexeme& lexeme : lexemes) {
        if (is_opener(lexeme.type)) open.push_back(lexeme.type);
        deep = deep || open.size() > kMaxNesting;
        if (!is_closer(lexeme.type)) continue;
        if (!open.empty() && closer_of(open.back()) == lexeme.type) {
            open.pop_back();
        } else {
            ++problems;
        }
    }
    return problems + open.size() + (deep ? 1 : 0);
}

// Begins a statement wherever it stands.
bool begins_statement(std::uint16_t type) {
    switch (type) {
        case NyxLexer::LET:
        case NyxLexer::CONST:
        case NyxLexer::CLASS:
        case NyxLexer::IMPORT:
        case NyxLexer::WHILE:
        case NyxLexer::RETURN:
        case NyxLexer::TRY:
        case NyxLexer::THROW:
        case NyxLexer::BREAK:
        case NyxLexer::CONTINUE:
            return true;
        default:
            return false;
    }
}

// Cannot begin a statement, so a line that begins with it goes on with the one before.
bool continues_line(std::uint16_t type) {
    return is_closer(type) || type == NyxLexer::DOT || type == NyxLexer::OPTIONAL_DOT || type == NyxLexer::COMMA ||
           type == NyxLexer::ELSE || type == NyxLexer::CATCH || type == NyxLexer::FINALLY || type == NyxLexer::LBRACE;
}

class Balancer {
  public:
    Balancer(Lexemes lexemes, std::string_view text, std::uint32_t file, diagnostics::Sink& sink)
        : in_(std::move(lexemes)), text_(text), file_(file), sink_(sink) {}

    Lexemes balance();

  private:
    void take(const Lexeme& lexeme);
    void take_opener(const Lexeme& lexeme);
    void take_closer(const Lexeme& lexeme);
    bool is_wrong_closer(const Lexeme& lexeme) const;
    void take_wrong_closer(const Lexeme& lexeme);
    void take_stray(const Lexeme& lexeme);
    Span with_its_line(const Lexeme& lexeme) const;
    std::string closing_text(const Open& open) const;
    void take_string_part(const Lexeme& lexeme);
    void close_swallowed(std::uint32_t begin, std::uint32_t end);
    std::size_t skip_group(std::size_t at);
    void new_line(const Lexeme& lexeme);
    bool forgotten(const Open& top, const Lexeme& lexeme) const;
    // The open bracket that this closer belongs to: its index, or npos.
    std::size_t partner_of(const Lexeme& closer) const;
    void close_top();
    void report_unclosed(const Open& open);
    void end();
    std::string describe(const Open& open) const;
    std::uint32_t indent_of(const Lexeme& lexeme) const;
    std::uint32_t previous_end() const { return out_.empty() ? 0 : out_.back().end; }

    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    Lexemes in_, out_;
    std::size_t at_ = 0;  // of the lexeme at hand
    std::vector<Open> open_;
    std::string_view text_;
    std::uint32_t file_;
    diagnostics::Sink& sink_;
    std::size_t guesses_ = 0;
    std::uint32_t indent_ = 0;        // of the line at hand
    std::size_t strings_ = 0;         // that the lexeme at hand stands in
    std::uint32_t string_begin_ = 0;  // of the outermost
    bool too_deep_ = false;
};

Lexemes Balancer::balance() {
    guesses_ = count_problems(in_);
    if (guesses_ == 0) return std::move(in_);
    out_.reserve(in_.size());
    for (at_ = 0; at_ < in_.size(); ++at_) {
        if (is_opener(in_[at_].type) && open_.size() >= kMaxNesting) {
            at_ = skip_group(at_);
        } else {
            take(in_[at_]);
        }
    }
    end();
    return std::move(out_);
}

void Balancer::take(const Lexeme& lexeme) {
    if (lexeme.first_on_line) new_line(lexeme);
    if (is_opener(lexeme.type)) return take_opener(lexeme);
    if (is_closer(lexeme.type)) return take_closer(lexeme);
    out_.push_back(lexeme);
    take_string_part(lexeme);
}

void Balancer::take_string_part(const Lexeme& lexeme) {
    if (lexeme.type == NyxLexer::TEMPLATE_BEGIN && strings_++ == 0) string_begin_ = lexeme.begin;
    bool open_end = lexeme.begin == lexeme.end;  // the scanner's, where the line ended first
    if (lexeme.type == NyxLexer::TEMPLATE_END && --strings_ == 0 && open_end)
        close_swallowed(string_begin_, lexeme.end);
    bool open_quote = lexeme.type == NyxLexer::ERROR && (text_[lexeme.begin] == '\'' || text_[lexeme.begin] == '"');
    if (open_quote) close_swallowed(lexeme.begin, lexeme.end);
}

// `f("text)`: what closes the brackets around an open string is taken for its text. The string was reported.
void Balancer::close_swallowed(std::uint32_t begin, std::uint32_t end) {
    std::string_view string = text_.substr(begin, end - begin);
    for (char c : string.substr(string.find_last_not_of(")]} \t,;") + 1)) {
        if (open_.empty() || guesses_ == 0) return;
        std::uint16_t closer = closer_of(open_.back().bracket.type);
        if (closer == NyxLexer::INTERPOLATION_END || symbol(closer)[0] != c) continue;
        --guesses_;
        out_.push_back({end, end, closer, false});
        open_.pop_back();
    }
}

void Balancer::take_opener(const Lexeme& lexeme) {
    open_.push_back({lexeme, out_.size(), indent_});
    out_.push_back(lexeme);
}

// Replaces a bracket nested too deeply, up to its end, by one ERROR. Returns the index of its last lexeme.
std::size_t Balancer::skip_group(std::size_t at) {
    const Lexeme first = in_[at];
    if (!too_deep_) {
        sink_
            .report(Code::kTooDeep, {file_, first.begin, first.end},
                    fmt::format("brackets are nested more than {} deep", kMaxNesting))
            .help("give the inner parts names of their own: `let part = …`");
    }
    too_deep_ = true;
    std::size_t depth = 0, interpolations = 0, last = at;
    for (std::size_t i = at; i < in_.size(); ++i) {
        last = i;
        if (in_[i].type == NyxLexer::INTERPOLATION_BEGIN) ++interpolations;
        // The end of a `${` that began before this group: the group ends with it.
        if (in_[i].type == NyxLexer::INTERPOLATION_END && interpolations-- == 0) {
            last = i - 1;
            break;
        }
        if (is_opener(in_[i].type)) ++depth;
        if (is_closer(in_[i].type) && --depth == 0) break;
    }
    out_.push_back({first.begin, in_[last].end, NyxLexer::ERROR, first.first_on_line});
    return last;
}

void Balancer::new_line(const Lexeme& lexeme) {
    indent_ = indent_of(lexeme);
    while (!open_.empty() && guesses_ > 0 && forgotten(open_.back(), lexeme)) {
        --guesses_;
        close_top();
    }
    if (!open_.empty() && indent_ > open_.back().indent) open_.back().body_indented = true;
}

// Does a line that begins with this lexeme show that the bracket should have been closed before it?
bool Balancer::forgotten(const Open& top, const Lexeme& lexeme) const {
    switch (top.bracket.type) {
        case NyxLexer::LPAREN:
        case NyxLexer::LBRACKET:
            return begins_statement(lexeme.type) || (indent_ <= top.indent && !continues_line(lexeme.type));
        case NyxLexer::LBRACE:
            return top.body_indented && indent_ <= top.indent && !continues_line(lexeme.type);
        default:
            return false;
    }
}

std::size_t Balancer::partner_of(const Lexeme& closer) const {
    bool exact = closer.type == NyxLexer::INTERPOLATION_END;  // the scanner has paired these
    for (std::size_t i = open_.size(); i-- > 0;) {
        const Open& open = open_[i];
        bool same_line = indent_ == open.indent;
        if (closer_of(open.bracket.type) == closer.type) {
            bool outer =
                closer.type == NyxLexer::RBRACE && closer.first_on_line && indent_ < open.indent && guesses_ > 0;
            if (!outer || i == 0) return i;
            continue;
        }
        if (exact) continue;
        if (open.bracket.type == NyxLexer::INTERPOLATION_BEGIN) return kNone;
        // `)` and `]` close over a `{` only where the layout says that they belong together.
        if (open.bracket.type == NyxLexer::LBRACE && !(closer.first_on_line && same_line)) return kNone;
    }
    return kNone;
}

void Balancer::take_closer(const Lexeme& lexeme) {
    std::size_t partner = partner_of(lexeme);
    if (partner == kNone) return is_wrong_closer(lexeme) ? take_wrong_closer(lexeme) : take_stray(lexeme);
    while (open_.size() > partner + 1) close_top();
    open_.pop_back();
    out_.push_back(lexeme);
}

// `[1, 2)`: the list is not closed by anything else in this line.
bool Balancer::is_wrong_closer(const Lexeme& lexeme) const {
    if (open_.empty() || lexeme.first_on_line || guesses_ < 2) return false;
    std::uint16_t opener = open_.back().bracket.type;
    bool list = (opener == NyxLexer::LPAREN || opener == NyxLexer::LBRACKET) && lexeme.type != NyxLexer::RBRACE;
    std::size_t depth = 0;
    for (std::size_t i = at_ + 1; list && i < in_.size() && !in_[i].first_on_line; ++i) {
        if (is_opener(in_[i].type)) ++depth;
        if (is_closer(in_[i].type) && depth-- == 0) return in_[i].type != closer_of(opener);
    }
    return list;
}

void Balancer::take_wrong_closer(const Lexeme& lexeme) {
    Lexeme opener = open_.back().bracket;
    std::uint16_t closer = closer_of(opener.type);
    sink_
        .report(Code::kStrayBracket, {file_, lexeme.begin, lexeme.end},
                fmt::format("`{}` does not close this `{}`", symbol(lexeme.type), symbol(opener.type)))
        .label({file_, opener.begin, opener.end},
               fmt::format("this `{}` is closed by `{}`", symbol(opener.type), symbol(closer)))
        .fix(fmt::format("write `{}`", symbol(closer)), diagnostics::Applicability::kMaybeIncorrect,
             {file_, lexeme.begin, lexeme.end}, std::string(symbol(closer)));
    guesses_ -= 2;
    out_.push_back({lexeme.begin, lexeme.end, closer, lexeme.first_on_line});
    open_.pop_back();
}

void Balancer::take_stray(const Lexeme& lexeme) {
    auto& report = sink_.report(Code::kStrayBracket, {file_, lexeme.begin, lexeme.end},
                                fmt::format("nothing is open for this `{}`", symbol(lexeme.type)));
    if (!open_.empty()) {
        Lexeme inner = open_.back().bracket;
        report.label({file_, inner.begin, inner.end},
                     fmt::format("this `{}` is closed by `{}`", symbol(inner.type), symbol(closer_of(inner.type))));
    }
    report.fix(fmt::format("remove the `{}`", symbol(lexeme.type)), diagnostics::Applicability::kMaybeIncorrect,
               with_its_line(lexeme), "");
    if (guesses_ > 0) --guesses_;
    // In place of what may be missing, so that the line before does not go on with the next.
    out_.push_back({lexeme.begin, lexeme.end, NyxLexer::ERROR, lexeme.first_on_line});
}

// The lexeme; with its line where it stands there alone.
Span Balancer::with_its_line(const Lexeme& lexeme) const {
    bool last = at_ + 1 == in_.size() || in_[at_ + 1].first_on_line;
    std::size_t begin = text_.substr(0, lexeme.begin).rfind('\n');
    std::size_t end = std::min(text_.find('\n', lexeme.end), text_.size());
    bool alone = lexeme.first_on_line && last && begin != std::string_view::npos &&
                 text_.substr(lexeme.end, end - lexeme.end).find_first_not_of(" \t\r") == std::string_view::npos;
    if (!alone) return {file_, lexeme.begin, lexeme.end};
    bool crlf = begin > 0 && text_[begin - 1] == '\r' && text_.substr(end - 1, 1) == "\r";
    return {file_, static_cast<std::uint32_t>(begin - (crlf ? 1 : 0)),
            static_cast<std::uint32_t>(end - (crlf ? 1 : 0))};
}

void Balancer::close_top() {
    report_unclosed(open_.back());
    std::uint32_t end = previous_end();
    out_.push_back({end, end, closer_of(open_.back().bracket.type), false});
    open_.pop_back();
}

void Balancer::report_unclosed(const Open& open) {
    if (too_deep_) return;
    std::uint32_t end = previous_end();
    std::string_view closer = symbol(closer_of(open.bracket.type));
    std::string what = describe(open);
    sink_.report(Code::kUnclosedBracket, {file_, end, end}, fmt::format("expected `{}` to close {}", closer, what))
        .label({file_, open.bracket.begin, open.bracket.end}, fmt::format("{} is opened here", what))
        .fix({fmt::format("insert `{}`", closer),
              diagnostics::Applicability::kMaybeIncorrect,
              {{{file_, end, end}, closing_text(open)}}});
}

// On a line of its own where the block has lines.
std::string Balancer::closing_text(const Open& open) const {
    std::string closer(symbol(closer_of(open.bracket.type)));
    if (open.bracket.type != NyxLexer::LBRACE) return closer;
    std::uint32_t end = previous_end();
    bool lines = text_.substr(open.bracket.end, end - open.bracket.end).find('\n') != std::string_view::npos;
    return lines ? "\n" + std::string(open.indent, ' ') + closer : " " + closer;
}

void Balancer::end() {
    constexpr std::size_t kMaxReports = 5;
    std::size_t total = open_.size();
    for (std::size_t i = 0; !open_.empty(); ++i) {
        if (i < kMaxReports) report_unclosed(open_.back());
        out_.push_back({previous_end(), previous_end(), closer_of(open_.back().bracket.type), false});
        open_.pop_back();
    }
    if (total > kMaxReports && !too_deep_) {
        sink_.report(Code::kUnclosedBracket, {file_, previous_end(), previous_end()},
                     fmt::format("{} more brackets are open at the end of the file", total - kMaxReports));
    }
}

std::string Balancer::describe(const Open& open) const {
    constexpr std::size_t kMaxWords = 64;
    std::size_t at = open.at;
    std::uint16_t before = at > 0 ? out_[at - 1].type : 0;
    bool after_value = before == NyxLexer::IDENTIFIER || is_closer(before);
    if (open.bracket.type == NyxLexer::INTERPOLATION_BEGIN) return "the `${` in this string";
    if (open.bracket.type == NyxLexer::LBRACKET) return after_value ? "the index" : "the list";
    if (open.bracket.type == NyxLexer::LPAREN) {
        bool function = before == NyxLexer::FN || (at > 1 && out_[at - 2].type == NyxLexer::FN);
        return function ? "the parameter list" : after_value ? "the argument list" : "the parenthesis";
    }
    if (before == NyxLexer::ELSE) return "the else block";
    if (!after_value && before != NyxLexer::STRING && before != NyxLexer::TRY && before != 0) return "the map";
    std::size_t first = at;
    for (std::size_t i = 0; first > 0 && i < kMaxWords && !out_[first].first_on_line; ++i) {
        std::uint16_t type = out_[first - 1].type;
        if (type == NyxLexer::SEMICOLON || type == NyxLexer::LBRACE || type == NyxLexer::RBRACE) break;
        --first;
    }
    std::string_view word = text_.substr(out_[first].begin, out_[first].end - out_[first].begin);
    bool named = !word.empty() && std::isalpha(static_cast<unsigned char>(word[0])) && word.size() < 20;
    if (word == "fn") return "the function body";
    return named && first < at ? fmt::format("the {} block", word) : "the block";
}

std::uint32_t Balancer::indent_of(const Lexeme& lexeme) const {
    std::size_t start = text_.find_last_of("\r\n", lexeme.begin == 0 ? 0 : lexeme.begin - 1);
    return static_cast<std::uint32_t>(start == std::string_view::npos ? lexeme.begin : lexeme.begin - start - 1);
}

}  // namespace

bool is_opener(std::uint16_t type) {
    return type == NyxLexer::LPAREN || type == NyxLexer::LBRACKET || type == NyxLexer::LBRACE ||
           type == NyxLexer::MAP_BEGIN || type == NyxLexer::INTERPOLATION_BEGIN;
}

bool is_closer(std::uint16_t type) {
    return type == NyxLexer::RPAREN || type == NyxLexer::RBRACKET || type == NyxLexer::RBRACE ||
           type == NyxLexer::INTERPOLATION_END;
}

Lexemes balance(Lexemes lexemes, std::string_view text, std::uint32_t file, diagnostics::Sink& sink) {
    return Balancer(std::move(lexemes), text, file, sink).balance();
}

}  // namespace nyx::syntax

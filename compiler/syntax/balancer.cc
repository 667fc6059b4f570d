#include "compiler/syntax/balancer.h"

#include <NyxLexer.h>
#include <fmt/format.h>

#include "compiler/syntax/brackets.h"

namespace nyx::syntax {

using diagnostics::Code;
using grammar::NyxLexer;

namespace {

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

}  // namespace

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
        if (closer == NyxLexer::INTERPOLATION_END || bracket_text(closer)[0] != c) continue;
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

void Balancer::close_top() {
    report_unclosed(open_.back());
    std::uint32_t end = previous_end();
    out_.push_back({end, end, closer_of(open_.back().bracket.type), false});
    open_.pop_back();
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

}  // namespace nyx::syntax

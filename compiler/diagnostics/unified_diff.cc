#include "compiler/diagnostics/unified_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace nyx::diagnostics {

namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t kContext = 3;
constexpr std::size_t kMostCells = 4'000'000;  // of the table below; beyond it the middle counts as changed whole

// Each with its end.
Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return lines;
}

struct Step {
    char sign;  // ' ', '-' or '+'
    std::string_view line;
};

// Lengths of the longest common subsequences of what is left of both.
class Common {
  public:
    Common(const Lines& a, const Lines& b) : width_(b.size() + 1), length_((a.size() + 1) * width_) {
        for (std::size_t i = a.size(); i-- > 0;) {
            for (std::size_t j = b.size(); j-- > 0;)
                cell(i, j) = a[i] == b[j] ? cell(i + 1, j + 1) + 1 : std::max(cell(i + 1, j), cell(i, j + 1));
        }
    }
    std::uint32_t& cell(std::size_t i, std::size_t j) { return length_[i * width_ + j]; }

  private:
    std::size_t width_;
    std::vector<std::uint32_t> length_;
};

void compare_middle(const Lines& a, const Lines& b, std::vector<Step>& steps) {
    std::size_t i = 0, j = 0;
    if (a.size() * b.size() <= kMostCells) {
        Common common(a, b);
        while (i < a.size() && j < b.size()) {
            if (a[i] == b[j]) {
                steps.push_back({' ', a[i]});
                ++i, ++j;
            } else if (common.cell(i + 1, j) >= common.cell(i, j + 1)) {
                steps.push_back({'-', a[i++]});
            } else {
                steps.push_back({'+', b[j++]});
            }
        }
    }
    for (; i < a.size(); ++i) steps.push_back({'-', a[i]});
    for (; j < b.size(); ++j) steps.push_back({'+', b[j]});
}

std::vector<Step> compare(const Lines& a, const Lines& b) {
    std::size_t head = 0, tail = 0;
    std::size_t most = std::min(a.size(), b.size());
    while (head < most && a[head] == b[head]) ++head;
    while (tail < most - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
    std::vector<Step> steps;
    for (std::size_t i = 0; i < head; ++i) steps.push_back({' ', a[i]});
    auto middle = [&](const Lines& lines) {
        return Lines(lines.begin() + static_cast<std::ptrdiff_t>(head),
                     lines.end() - static_cast<std::ptrdiff_t>(tail));
    };
    compare_middle(middle(a), middle(b), steps);
    for (std::size_t i = a.size() - tail; i < a.size(); ++i) steps.push_back({' ', a[i]});
    return steps;
}

// "12,3", as GNU diff writes a range: a single line without its count, an empty range with the line before it.
std::string range(std::size_t first, std::size_t count) {
    if (count == 1) return std::to_string(first + 1);
    return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

class Hunks {
  public:
    explicit Hunks(const std::vector<Step>& steps) : steps_(steps) {}

    std::string print() {
        for (std::size_t at = 0; at < steps_.size();) {
            std::size_t end = end_of_hunk(at);
            if (end == at) break;
            print_hunk(at, end);
            at = end;
        }
        return std::move(out_);
    }

  private:
    // Moves `at` to the beginning of the next hunk and returns its end; `at` where there is none.
    std::size_t end_of_hunk(std::size_t& at) {
        std::size_t changed = next_change(at);
        if (changed == steps_.size()) return at;
        std::size_t begin = std::max(at, changed - std::min(changed, kContext));
        for (; at < begin; ++at) count(steps_[at]);
        std::size_t last = changed;
        for (std::size_t next = changed; next < steps_.size() && next <= last + 2 * kContext + 1;
             next = next_change(next + 1)) {
            last = next;
        }
        return std::min(steps_.size(), last + kContext + 1);
    }

    std::size_t next_change(std::size_t at) const {
        while (at < steps_.size() && steps_[at].sign == ' ') ++at;
        return at;
    }

    void count(const Step& step) {
        if (step.sign != '+') ++old_line_;
        if (step.sign != '-') ++new_line_;
    }

    void print_hunk(std::size_t begin, std::size_t end) {
        std::size_t old_first = old_line_, new_first = new_line_;
        std::string body;
        for (std::size_t i = begin; i < end; ++i) {
            count(steps_[i]);
            body += steps_[i].sign;
            body += steps_[i].line;
            if (!steps_[i].line.ends_with('\n')) body += "\n\\ No newline at end of file\n";
        }
        out_ += fmt::format("@@ -{} +{} @@\n{}", range(old_first, old_line_ - old_first),
                            range(new_first, new_line_ - new_first), body);
    }

    const std::vector<Step>& steps_;
    std::size_t old_line_ = 0;  // of the step that comes next, counted from 0
    std::size_t new_line_ = 0;
    std::string out_;
};

}  // namespace

std::string unified_diff(std::string_view path, std::string_view before, std::string_view after) {
    if (before == after) return {};
    std::vector<Step> steps = compare(lines_of(before), lines_of(after));
    return fmt::format("--- {0}\n+++ {0}\n{1}", path, Hunks(steps).print());
}

}  // namespace nyx::diagnostics

#include "compiler/diagnostics/did_you_mean.h"

#include <algorithm>
#include <vector>

namespace nyx::diagnostics {

namespace {

constexpr std::size_t kMaxLength = 128;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

// In half edits.
std::size_t replacement_cost(char a, char b) {
    if (a == b) return 0;
    return lower(a) == lower(b) ? 1 : 2;
}

// Optimal string alignment distance, in half edits.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = 2 * (i + j);
                continue;
            }
            cost[i][j] = std::min(
                {cost[i - 1][j] + 2, cost[i][j - 1] + 2, cost[i - 1][j - 1] + replacement_cost(a[i - 1], b[j - 1])});
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 2);
        }
    }
    return cost[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> did_you_mean(std::string_view wanted, std::span<const std::string> candidates) {
    if (wanted.size() > kMaxLength) return std::nullopt;
    std::size_t best = 2 * std::max<std::size_t>(1, wanted.size() / 3) + 1;
    const std::string* found = nullptr;
    for (const std::string& candidate : candidates) {
        if (candidate.size() > kMaxLength) continue;
        std::size_t d = distance(wanted, candidate);
        if (d < best) {
            best = d;
            found = &candidate;
        }
    }
    return found ? std::optional(*found) : std::nullopt;
}

}  // namespace nyx::diagnostics

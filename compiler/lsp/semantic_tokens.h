// Semantic tokens in the numbers of the protocol: five for each token, relative to the one before.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "compiler/lsp/answers.h"

namespace nyx::lsp {

nlohmann::json token_legend();
// Those that touch bytes [begin, end) of the place's file, whose text `document` is.
std::vector<std::uint32_t> semantic_tokens(const Place& place, const Document& document, std::uint32_t begin,
                                           std::uint32_t end);
// What makes `after` of `before`: at most one edit.
nlohmann::json token_edits(const std::vector<std::uint32_t>& before, const std::vector<std::uint32_t>& after);

}  // namespace nyx::lsp

// Renaming what stands at a place, in all files that the model knows. What cannot be renamed for certain is refused.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "compiler/lsp/answers.h"
#include "runtime/base/result.h"

namespace nyx::lsp {

// The range of the name, with the name; an Error says why it cannot be renamed.
Result<nlohmann::json> prepare_rename(const Place& place);
Result<nlohmann::json> rename(const Place& place, const std::string& name);

}  // namespace nyx::lsp

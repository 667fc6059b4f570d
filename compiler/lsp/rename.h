// Renaming what stands at a place, in all files that mean it. What cannot be renamed for certain is refused.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "compiler/lsp/answers.h"
#include "compiler/lsp/request.h"
#include "runtime/base/result.h"

namespace nyx::lsp {

// The range of the name, with the name; an Error says why it cannot be renamed.
Result<nlohmann::json> prepare_rename(const Place& place);
// In the files that the model knows.
Result<nlohmann::json> rename(const Place& place, const std::string& name);
// With the edits of every file of the workspace, open or not, that imports the declaration.
Result<nlohmann::json> rename_everywhere(Request& request, const Place& here, const std::string& name);

}  // namespace nyx::lsp

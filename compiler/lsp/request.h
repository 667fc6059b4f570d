// A question of the editor about one document, with what its answer needs.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "compiler/lsp/answers.h"
#include "compiler/lsp/workspace.h"
#include "runtime/base/result.h"

namespace nyx::lsp {

struct Request {
    Workspace& workspace;
    const nlohmann::json& params;
    OpenFile* file = nullptr;  // params.textDocument; null where there is none or it is not open
    Interrupted useless;       // the answer is no longer wanted

    // params.position as an offset of the file's text.
    std::uint32_t offset() const;
    // The place that it is about; nothing where there is no model of the text.
    std::optional<Place> place() const;
};

// An Error is said to the person who asked: why it cannot be done.
using Handler = Result<nlohmann::json> (*)(Request& request);

// Throws json::exception where it is none.
Position position_of(const nlohmann::json& value);

}  // namespace nyx::lsp

// Every request about a text, with the function that answers it: the one list.
#pragma once

#include <string_view>

#include "compiler/lsp/request.h"

namespace nyx::lsp {

struct Handling {
    std::string_view method;
    Stage stage = Stage::kNothing;  // how far the text is understood before it is asked
    Handler handler = nullptr;
    bool fresh = false;       // what is on disk is looked at again before
    bool of_document = true;  // params.textDocument says which; false: of the workspace
};

// Null where this server does not know the method.
const Handling* find_handling(std::string_view method);

// What "initialize" announces.
nlohmann::json capabilities(const Client& client);

}  // namespace nyx::lsp

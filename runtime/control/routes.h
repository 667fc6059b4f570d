// What the control API can ask of a machine, and the table from requests to those operations.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "runtime/base/result.h"

namespace nyx::control {

// Implemented by whoever runs the machine. Called from the server's thread, one call at a time. An error becomes a 409
// (or 501 for kUnsupported) answer with its message and hint; a result is the body of a 200 answer.
class Operations {
  public:
    virtual ~Operations() = default;
#define NYX_ROUTE(method, path, operation, summary) virtual Result<nlohmann::json> operation() = 0;
#include "runtime/control/routes.def"
};

struct Route {
    std::string_view method;
    std::string_view path;
    std::string_view summary;
    Result<nlohmann::json> (Operations::*call)();
};

std::span<const Route> routes();

struct Answer {
    int status = 200;
    nlohmann::json body;
};

// Finds the route and calls it. Unknown path: 404; known path, other method: 405.
Answer answer(Operations& operations, std::string_view method, std::string_view path);

}  // namespace nyx::control

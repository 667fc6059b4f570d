// HTTP with JSON over a Unix socket, mode 0600, on a thread of its own.
//
// Starts listening in start(); the socket and its folder are removed by the destructor, which waits for a running
// request.
#pragma once

#include <memory>
#include <string>

#include "runtime/base/result.h"
#include "runtime/control/routes.h"

namespace nyx::control {

class Server {
  public:
    // name: checked and free (names.h). operations outlives the server.
    static Result<std::unique_ptr<Server>> start(const std::string& name, Operations& operations);
    virtual ~Server() = default;
};

}  // namespace nyx::control

// The language server: messages of an editor in, answers and diagnostics out.
//
// The server knows the protocol and the texts; what a text means says the Compiler. One thread: handle() answers one
// message, step() goes on with what the edits have left to do. Whatever the bytes, it goes on.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "compiler/lsp/inbox.h"
#include "compiler/lsp/workspace.h"

namespace nyx::lsp {

class Server {
  public:
    // inbox: what waits behind the message that is handled, so that useless work ends early; null: nothing waits.
    Server(Compiler& compiler, std::string version, const Inbox* inbox = nullptr)
        : workspace_(compiler), version_(std::move(version)), inbox_(inbox) {}

    // Handles one message and returns those to send, in order.
    std::vector<nlohmann::json> handle_bytes(std::string_view body);
    std::vector<nlohmann::json> handle(const nlohmann::json& message);
    // Looks at one text a stage further and returns what is to be published; nothing when all is said.
    std::optional<std::vector<nlohmann::json>> step();

    // After "exit": the status with which the process ends (0 when "shutdown" came first).
    std::optional<int> exit_status() const { return exit_status_; }
    const Workspace& workspace() const { return workspace_; }

  private:
    nlohmann::json initialize(const nlohmann::json& params);
    void notification(const std::string& method, const nlohmann::json& params, std::vector<nlohmann::json>& out);
    nlohmann::json request(const std::string& method, const nlohmann::json& params, const nlohmann::json& id);
    nlohmann::json answer(const std::string& method, const nlohmann::json& params, const nlohmann::json& id);
    void change(const nlohmann::json& params);
    void close(const nlohmann::json& params, std::vector<nlohmann::json>& out);
    void change_folders(const nlohmann::json& event);
    bool is_useless(const nlohmann::json& id, const std::string& uri) const;
    nlohmann::json publish(OpenFile& file) const;

    Workspace workspace_;
    std::string version_;
    const Inbox* inbox_;
    bool shut_down_ = false;
    std::optional<int> exit_status_;
};

// Serves two descriptors until "exit" or the end of input; returns the process's exit status.
int serve(Compiler& compiler, const std::string& version, int input, int output);

}  // namespace nyx::lsp

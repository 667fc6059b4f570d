// The language server: open documents in, diagnostics and quick fixes out.
//
// The server knows the protocol and the texts; what a text means comes from one function, so that it is tested without
// a compiler and always says what nyxc says. One thread; a message is handled completely before the next.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "compiler/analyze/model.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/lsp/answers.h"
#include "compiler/lsp/document.h"
#include "compiler/source/source_map.h"

namespace nyx::lsp {

// All diagnostics of a compilation whose main file has this path and text; their spans with file == main_file are in
// it. model and sources: what the text means, kept by `owner`; null where it could not be analyzed at all.
struct Analysis {
    std::uint32_t main_file = 0;
    std::vector<diagnostics::Diagnostic> diagnostics;
    const source::SourceMap* sources = nullptr;
    const analyze::Model* model = nullptr;
    std::shared_ptr<const void> owner;
};
using Analyze = std::function<Analysis(const std::string& path, const std::string& text)>;

class Server {
  public:
    explicit Server(Analyze analyze, std::string version)
        : analyze_(std::move(analyze)), version_(std::move(version)) {}

    // Handles one message (any bytes) and returns the messages to send, in order.
    std::vector<nlohmann::json> handle(std::string_view body);

    // After "exit": the status with which the process ends (0 when "shutdown" came first).
    std::optional<int> exit_status() const { return exit_status_; }

  private:
    struct OpenFile {
        Document document;
        Analysis analysis;
    };

    nlohmann::json initialize() const;
    void notification(const std::string& method, const nlohmann::json& params, std::vector<nlohmann::json>& out);
    nlohmann::json request(const std::string& method, const nlohmann::json& params, nlohmann::json id);
    void open(const nlohmann::json& params, std::vector<nlohmann::json>& out);
    void change(const nlohmann::json& params, std::vector<nlohmann::json>& out);
    void close(const nlohmann::json& params, std::vector<nlohmann::json>& out);
    nlohmann::json code_actions(const nlohmann::json& params) const;
    nlohmann::json formatting(const nlohmann::json& params) const;
    // The place that a request is about, where there is a model of it.
    std::optional<Place> place(const nlohmann::json& params) const;
    nlohmann::json references(const nlohmann::json& params);
    nlohmann::json rename(const nlohmann::json& params, nlohmann::json id);
    nlohmann::json prepare_rename(const nlohmann::json& params, nlohmann::json id) const;
    // Why the other open files stand in the way of renaming what is here; empty: they do not.
    std::string in_the_way(const std::string& uri, const Place& here) const;
    // Other files may have changed on disk since a text was analyzed.
    void analyze_again();
    nlohmann::json publish(const std::string& uri);

    Analyze analyze_;
    std::string version_;
    std::map<std::string, OpenFile> files_;  // by URI
    bool shut_down_ = false;
    std::optional<int> exit_status_;
};

// "file:///a%20b.ny" → "/a b.ny"; other schemes are returned as they are.
std::string path_of_uri(std::string_view uri);

// Serves stdin and stdout until "exit" or the end of input; returns the process's exit status.
int serve(Server& server, int input, int output);

}  // namespace nyx::lsp

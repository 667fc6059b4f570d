// A server with one document, asked by tests. Its compiler is the one of nyxc.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "compiler/driver/editor_compiler.h"
#include "compiler/lsp/server.h"

namespace nyx::lsp_test {

using nlohmann::json;

inline constexpr const char* kUri = "file:///tmp/nyx%20m.ny";

class Session {
  public:
    // `|` in the text is where at() asks, and not part of it.
    explicit Session(std::string text, const json& client = json::object(), std::string uri = kUri)
        : uri_(std::move(uri)) {
        ::setenv("NYX_STDLIB", NYX_STDLIB, 1);
        place_ = text.find('|');
        if (place_ != std::string::npos) text.erase(place_, 1);
        text_ = std::move(text);
        initialized_ = ask("initialize", {{"capabilities", client}}).at("result");
        tell("textDocument/didOpen",
             {{"textDocument", {{"uri", uri_}, {"languageId", "nyx"}, {"version", 1}, {"text", text_}}}});
    }
    json capabilities() const { return initialized_.at("capabilities"); }

    json ask(const char* method, const json& params) {
        auto out = server_.handle(json{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}});
        REQUIRE(out.size() == 1);
        return out.front();
    }
    std::vector<json> tell(const char* method, const json& params) {
        return server_.handle(json{{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
    }
    // At the `|`.
    json here(const char* method, const json& more = json::object()) { return at(method, place_, more).at("result"); }
    // At the character of `needle` that is `inside` bytes into it.
    json at(const char* method, const std::string& needle, const json& more = json::object(), std::size_t inside = 0) {
        std::size_t offset = text_.find(needle);
        REQUIRE(offset != std::string::npos);
        return at(method, offset + inside, more);
    }
    json whole(const char* method, json more = json::object()) {
        more["textDocument"] = {{"uri", uri_}};
        return ask(method, more).at("result");
    }
    void change(std::string text) {
        text_ = std::move(text);
        tell("textDocument/didChange",
             {{"textDocument", {{"uri", uri_}, {"version", ++version_}}}, {"contentChanges", {{{"text", text_}}}}});
    }
    // Everything that is due; the last diagnostics of the document.
    json settle() {
        json last;
        while (auto out = server_.step()) {
            for (const json& message : *out) {
                if (message.at("params").at("uri") == uri_) last = message.at("params");
            }
        }
        return last;
    }
    const std::string& text() const { return text_; }
    const std::string& uri() const { return uri_; }

  private:
    json at(const char* method, std::size_t offset, json more) {
        lsp::Position position = lsp::Document(text_).position(offset);
        more["textDocument"] = {{"uri", uri_}};
        more["position"] = {{"line", position.line}, {"character", position.character}};
        return ask(method, more);
    }

    std::string uri_;
    std::string text_;
    std::size_t place_ = std::string::npos;
    int version_ = 1;
    driver::EditorCompiler compiler_;
    lsp::Server server_{compiler_, "1"};
    json initialized_;
};

inline const json kSnippets = {{"textDocument", {{"completion", {{"completionItem", {{"snippetSupport", true}}}}}}}};

// The labels of a completion, in the order in which an editor shows them.
inline std::vector<std::string> labels(const json& list) {
    std::vector<std::pair<std::string, std::string>> sorted;
    for (const json& item : list.at("items")) sorted.emplace_back(item.at("sortText"), item.at("label"));
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::string> found;
    for (auto& [key, label] : sorted) found.push_back(label);
    return found;
}

inline bool has(const json& list, const std::string& label) {
    for (const json& one : list.at("items")) {
        if (one.at("label") == label) return true;
    }
    return false;
}

inline json item(const json& list, const std::string& label) {
    for (const json& one : list.at("items")) {
        if (one.at("label") == label) return one;
    }
    FAIL("nobody proposes " << label);
    return {};
}

}  // namespace nyx::lsp_test

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "compiler/lsp/server.h"

using namespace nyx;
using nlohmann::json;

namespace {

// Complains about every "bad" and offers "good".
lsp::Analysis find_bad(const std::string&, const std::string& text) {
    lsp::Analysis analysis;
    diagnostics::Sink sink;
    for (std::size_t at = text.find("bad"); at != std::string::npos; at = text.find("bad", at + 3)) {
        auto begin = static_cast<std::uint32_t>(at);
        Span span{0, begin, begin + 3};
        sink.report(diagnostics::Code::kSyntax, span, "this is bad")
            .label({0, 0, 1}, "the start")
            .help("be good")
            .fix({"make it good", diagnostics::Applicability::kMachineApplicable, {{span, "good"}}});
    }
    analysis.diagnostics = sink.all();
    return analysis;
}

json notify(lsp::Server& server, const char* method, json params) {
    auto out = server.handle(json{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}}.dump());
    return out.empty() ? json() : out.front();
}

json ask(lsp::Server& server, const char* method, json params) {
    auto out =
        server.handle(json{{"jsonrpc", "2.0"}, {"id", 7}, {"method", method}, {"params", std::move(params)}}.dump());
    REQUIRE(out.size() == 1);
    CHECK(out.front().at("id") == 7);
    return out.front();
}

const json kDocument = {{"uri", "file:///m.ny"}, {"languageId", "nyx"}, {"version", 1}, {"text", "x\nbad"}};

}  // namespace

TEST_CASE("opening a file publishes its diagnostics, an edit mends them") {
    lsp::Server server(find_bad, "1");
    CHECK(ask(server, "initialize", json::object()).at("result").at("serverInfo").at("name") == "nyxc");
    json published = notify(server, "textDocument/didOpen", {{"textDocument", kDocument}});
    json first = published.at("params").at("diagnostics").at(0);
    CHECK(first.at("range").at("start") == json{{"line", 1}, {"character", 0}});
    CHECK(first.at("code") == "NY0101");
    CHECK(first.at("message") == "this is bad\nhelp: be good");
    CHECK(first.at("relatedInformation").at(0).at("message") == "the start");

    json range = {{"start", {{"line", 1}, {"character", 0}}}, {"end", {{"line", 1}, {"character", 3}}}};
    json actions =
        ask(server, "textDocument/codeAction", {{"textDocument", {{"uri", "file:///m.ny"}}}, {"range", range}})
            .at("result");
    CHECK(actions.at(0).at("edit").at("changes").at("file:///m.ny").at(0).at("newText") == "good");

    json change = {{"textDocument", {{"uri", "file:///m.ny"}}},
                   {"contentChanges", {{{"range", range}, {"text", "good"}}}}};
    CHECK(notify(server, "textDocument/didChange", change).at("params").at("diagnostics").empty());
}

TEST_CASE("closing a file takes its diagnostics away") {
    lsp::Server server(find_bad, "1");
    notify(server, "textDocument/didOpen", {{"textDocument", kDocument}});
    json cleared = notify(server, "textDocument/didClose", {{"textDocument", {{"uri", "file:///m.ny"}}}});
    CHECK(cleared.at("params").at("diagnostics").empty());
}

TEST_CASE("shutdown then exit ends with 0, exit alone with 1") {
    lsp::Server polite(find_bad, "1");
    ask(polite, "shutdown", nullptr);
    CHECK(ask(polite, "textDocument/codeAction", json::object()).contains("error"));
    notify(polite, "exit", nullptr);
    CHECK(polite.exit_status() == 0);
    lsp::Server rude(find_bad, "1");
    notify(rude, "exit", nullptr);
    CHECK(rude.exit_status() == 1);
}

TEST_CASE("unknown methods, wrong parameters and nonsense are answered, never fatal") {
    lsp::Server server(find_bad, "1");
    CHECK(ask(server, "nyx/unknown", json::object()).at("error").at("code") == -32601);
    CHECK(ask(server, "textDocument/codeAction", json::object()).at("error").at("code") == -32602);
    CHECK(notify(server, "textDocument/didOpen", {{"textDocument", 5}}).is_null());
    CHECK(server.handle("{").front().at("error").at("code") == -32700);
    CHECK(server.handle("[1]").front().at("error").at("code") == -32600);
    std::mt19937 random(1);
    std::string valid =
        json{{"jsonrpc", "2.0"}, {"method", "textDocument/didOpen"}, {"params", {{"textDocument", kDocument}}}}.dump();
    for (int i = 0; i < 2000; ++i) {
        std::string broken = valid;
        broken[random() % broken.size()] = static_cast<char>(random());
        server.handle(broken);
    }
}

TEST_CASE("formatting gives the edits of the one style, of a range only those in it") {
    lsp::Server server(find_bad, "1");
    json capabilities = ask(server, "initialize", json::object()).at("result").at("capabilities");
    CHECK(capabilities.at("documentFormattingProvider") == true);
    CHECK(capabilities.at("documentRangeFormattingProvider") == true);
    json text = {{"uri", "file:///f.ny"},
                 {"languageId", "nyx"},
                 {"version", 1},
                 {"text", "a  =  1\nb=\"\U0001F600\"  +  \"c\"\n"}};
    notify(server, "textDocument/didOpen", {{"textDocument", text}});
    json params = {{"textDocument", {{"uri", "file:///f.ny"}}}};
    json whole = ask(server, "textDocument/formatting", params).at("result");
    CHECK(whole.size() >= 4);
    params["range"] = {{"start", {{"line", 1}, {"character", 7}}}, {"end", {{"line", 1}, {"character", 9}}}};
    json part = ask(server, "textDocument/rangeFormatting", params).at("result");
    REQUIRE(!part.empty());
    for (const json& edit : part) CHECK(edit.at("range").at("start").at("line") == 1);
    json broken = {{"textDocument", {{"uri", "file:///f.ny"}}}, {"contentChanges", {{{"text", "fn ("}}}}};
    notify(server, "textDocument/didChange", broken);
    CHECK(ask(server, "textDocument/formatting", params).at("result").is_null());
}

TEST_CASE("URIs") {
    CHECK(lsp::path_of_uri("file:///a%20b/c.ny") == "/a b/c.ny");
    CHECK(lsp::path_of_uri("file:///a%2") == "/a%2");
    CHECK(lsp::path_of_uri("untitled:1") == "untitled:1");
}

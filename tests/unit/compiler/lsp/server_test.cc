// The protocol: what is answered to which message, with a compiler of the test's own.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "compiler/lsp/rpc.h"
#include "compiler/lsp/server.h"
#include "compiler/lsp/uri.h"

using namespace nyx;
using nlohmann::json;

namespace {

// Complains about every "bad" when it parses, about every "worse" when it checks, and offers "good".
class FindBad final : public lsp::Analysis {
  public:
    explicit FindBad(std::string text) : text_(std::move(text)) {}
    bool advance(lsp::Stage to, const lsp::Interrupted& interrupted) override {
        if (interrupted && interrupted()) return false;
        stage_ = std::max(stage_, to);
        return true;
    }
    lsp::Stage stage() const override { return stage_; }
    std::vector<diagnostics::Diagnostic> diagnostics(lsp::Stage of) const override {
        if (of == lsp::Stage::kParsed) return find("bad");
        return of == lsp::Stage::kChecked ? find("worse") : std::vector<diagnostics::Diagnostic>();
    }

  private:
    std::vector<diagnostics::Diagnostic> find(const std::string& word) const {
        diagnostics::Sink sink;
        for (std::size_t at = text_.find(word); at != std::string::npos; at = text_.find(word, at + 1)) {
            auto begin = static_cast<std::uint32_t>(at);
            Span span{0, begin, begin + static_cast<std::uint32_t>(word.size())};
            sink.report(diagnostics::Code::kSyntax, span, "this is " + word)
                .label({0, 0, 1}, "the start")
                .help("be good")
                .fix({"make it good", diagnostics::Applicability::kMachineApplicable, {{span, "good"}}});
        }
        return sink.all();
    }
    std::string text_;
    lsp::Stage stage_ = lsp::Stage::kNothing;
};

class BadCompiler final : public lsp::Compiler {
  public:
    std::unique_ptr<lsp::Analysis> begin(const std::string&, const std::string& text, const lsp::OpenTexts&) override {
        return std::make_unique<FindBad>(text);
    }
    const lsp::Library& stdlib() override { return library_; }

  private:
    lsp::Library library_;
};

// Handles the message and all that is due after it; the last that was sent.
json notify(lsp::Server& server, const char* method, json params) {
    auto out = server.handle(json{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
    while (auto more = server.step()) out.insert(out.end(), more->begin(), more->end());
    return out.empty() ? json() : out.back();
}

json ask(lsp::Server& server, const char* method, json params) {
    auto out = server.handle(json{{"jsonrpc", "2.0"}, {"id", 7}, {"method", method}, {"params", std::move(params)}});
    REQUIRE(out.size() == 1);
    CHECK(out.front().at("id") == 7);
    return out.front();
}

const json kDocument = {{"uri", "file:///m.ny"}, {"languageId", "nyx"}, {"version", 1}, {"text", "x\nbad"}};
constexpr const char* kUri = "file:///m.ny";

json edit(int line, int from, int to, const char* text) {
    return {{"range", {{"start", {{"line", line}, {"character", from}}}, {"end", {{"line", line}, {"character", to}}}}},
            {"text", text}};
}

json message(const char* method, const json& params, const json& id = nullptr) {
    json whole = {{"jsonrpc", "2.0"}, {"method", method}, {"params", params}};
    if (!id.is_null()) whole["id"] = id;
    return whole;
}

}  // namespace

TEST_CASE("opening a file publishes its diagnostics, an edit mends them") {
    BadCompiler compiler;
    lsp::Server server(compiler, "1");
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
    BadCompiler compiler;
    lsp::Server server(compiler, "1");
    notify(server, "textDocument/didOpen", {{"textDocument", kDocument}});
    json cleared = notify(server, "textDocument/didClose", {{"textDocument", {{"uri", "file:///m.ny"}}}});
    CHECK(cleared.at("params").at("diagnostics").empty());
}

TEST_CASE("shutdown then exit ends with 0, exit alone with 1") {
    BadCompiler compiler;
    lsp::Server polite(compiler, "1");
    ask(polite, "shutdown", nullptr);
    CHECK(ask(polite, "textDocument/codeAction", json::object()).contains("error"));
    notify(polite, "exit", nullptr);
    CHECK(polite.exit_status() == 0);
    lsp::Server rude(compiler, "1");
    notify(rude, "exit", nullptr);
    CHECK(rude.exit_status() == 1);
}

TEST_CASE("unknown methods, wrong parameters and nonsense are answered, never fatal") {
    BadCompiler compiler;
    lsp::Server server(compiler, "1");
    CHECK(ask(server, "nyx/unknown", json::object()).at("error").at("code") == -32601);
    CHECK(ask(server, "textDocument/codeAction", json::object()).at("error").at("code") == -32602);
    CHECK(notify(server, "textDocument/didOpen", {{"textDocument", 5}}).is_null());
    CHECK(server.handle_bytes("{").front().at("error").at("code") == -32700);
    CHECK(server.handle_bytes("[1]").front().at("error").at("code") == -32600);
    std::mt19937 random(1);
    std::string valid =
        json{{"jsonrpc", "2.0"}, {"method", "textDocument/didOpen"}, {"params", {{"textDocument", kDocument}}}}.dump();
    for (int i = 0; i < 2000; ++i) {
        std::string broken = valid;
        broken[random() % broken.size()] = static_cast<char>(random());
        server.handle_bytes(broken);
    }
}

TEST_CASE("formatting gives the edits of the one style, of a range only those in it") {
    BadCompiler compiler;
    lsp::Server server(compiler, "1");
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

TEST_CASE("after an edit the syntax is published first, with what else was found moved to where it now stands") {
    BadCompiler compiler;
    lsp::Server server(compiler, "1");
    json text = kDocument;
    text["text"] = "x\nworse bad\n";
    json opened = notify(server, "textDocument/didOpen", {{"textDocument", text}});
    CHECK(opened.at("params").at("diagnostics").size() == 2);
    json change = {{"textDocument", {{"uri", kUri}, {"version", 2}}}, {"contentChanges", {edit(1, 0, 0, "\n  ")}}};
    CHECK(server.handle(message("textDocument/didChange", change)).empty());
    auto first = server.step();
    REQUIRE(first);
    json params = first->at(0).at("params");
    CHECK(params.at("version") == 2);
    REQUIRE(params.at("diagnostics").size() == 2);
    CHECK(params.at("diagnostics").at(0).at("range").at("start") == json{{"line", 2}, {"character", 2}});
    // An edit inside of what was found takes it away until it is looked at again.
    change["contentChanges"] = {edit(2, 3, 4, "O")};
    server.handle(message("textDocument/didChange", change));
    json touched = server.step()->at(0).at("params").at("diagnostics");
    REQUIRE(touched.size() == 1);
    CHECK(touched.at(0).at("message").get<std::string>().starts_with("this is bad"));
    while (server.step()) {
    }
}

TEST_CASE("several changes in one message follow each other, in the agreed units") {
    for (const auto& [name, column] : {std::pair{"utf-8", 4}, {"utf-16", 2}, {"utf-32", 1}}) {
        CAPTURE(name);
        BadCompiler compiler;
        lsp::Server server(compiler, "1");
        json client = {{"capabilities", {{"general", {{"positionEncodings", {"latin-1", name, "utf-16"}}}}}}};
        CHECK(ask(server, "initialize", client).at("result").at("capabilities").at("positionEncoding") == name);
        json text = kDocument;
        text["text"] = "\xF0\x9F\x98\x80 good\r\nz";
        notify(server, "textDocument/didOpen", {{"textDocument", text}});
        json changes = {edit(0, column + 1, column + 5, "bad"), edit(0, column + 1, column + 1, "b"),
                        edit(1, 1, 99, "!")};
        json published = notify(server, "textDocument/didChange",
                                {{"textDocument", {{"uri", kUri}, {"version", 2}}}, {"contentChanges", changes}});
        CHECK(server.workspace().files().at(kUri).document.text() == "\xF0\x9F\x98\x80 bbad\r\nz!");
        CHECK(published.at("params").at("diagnostics").at(0).at("range").at("start").at("character") == column + 2);
    }
}

TEST_CASE("what was cancelled or asked of a text that has changed since is not answered") {
    BadCompiler compiler;
    lsp::Inbox inbox;
    lsp::Server server(compiler, "1", &inbox);
    server.handle(message("textDocument/didOpen", {{"textDocument", kDocument}}));
    json about = {{"textDocument", {{"uri", kUri}}}};
    inbox.push(message("$/cancelRequest", {{"id", 8}}).dump());
    CHECK(inbox.empty());
    CHECK(server.handle(message("textDocument/foldingRange", about, 8)).at(0).at("error").at("code") ==
          lsp::kRequestCancelled);
    CHECK(server.handle(message("textDocument/foldingRange", about, 9)).at(0).contains("result"));
    json change = {{"textDocument", {{"uri", kUri}, {"version", 2}}}, {"contentChanges", json::array()}};
    inbox.push(message("textDocument/didChange", change).dump());
    CHECK(server.handle(message("textDocument/foldingRange", about, 10)).at(0).at("error").at("code") ==
          lsp::kContentModified);
    CHECK(inbox.take(false)->at("method") == "textDocument/didChange");
    CHECK(server.handle(message("textDocument/foldingRange", about, 11)).at(0).contains("result"));
    // What waits ends the work that nobody has asked for.
    inbox.push(message("textDocument/foldingRange", about, 12).dump());
    auto published = server.step();
    REQUIRE(published);
    CHECK(published->empty());
    inbox.take(false);
    CHECK(!server.step()->empty());
}

TEST_CASE("folders come and go") {
    BadCompiler compiler;
    lsp::Server server(compiler, "1");
    json folder = {{"uri", "file:///a%20b"}, {"name", "a"}};
    json capabilities = ask(server, "initialize", {{"workspaceFolders", {folder}}, {"rootUri", "file:///x"}})
                            .at("result")
                            .at("capabilities");
    CHECK(capabilities.at("workspace").at("workspaceFolders").at("supported") == true);
    CHECK(server.workspace().folders == std::vector<std::string>{"/a b"});
    json event = {{"added", {{{"uri", "file:///c"}, {"name", "c"}}}}, {"removed", {folder}}};
    notify(server, "workspace/didChangeWorkspaceFolders", {{"event", event}});
    CHECK(server.workspace().folders == std::vector<std::string>{"/c"});
}

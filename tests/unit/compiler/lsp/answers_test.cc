// What the server says of a place, through its messages, with models of compiler/analyze.
#include "session.h"

using namespace nyx;
using namespace nyx::lsp_test;

namespace {

const char* const kProgram =
    "class Box {\n"
    "    fn init(self, size: int) { self.size = size }\n"
    "    fn twice(self) -> int { return 2 * self.size }\n"
    "}\n"
    "fn double(x: int, by = 2) -> int {\n"
    "    \"\"\"Two of it.\"\"\"\n"
    "    let result = by * x\n"
    "    return result\n"
    "}\n"
    "let box = Box(3)\n"
    "print(\"\xF0\x9F\x98\x80\", double(2), double(3))\n"
    "print(box.twice())\n";

std::string hovered(Session& session, const std::string& needle) {
    return session.at("textDocument/hover", needle).at("result").at("contents").at("value");
}

}  // namespace

TEST_CASE("hover says type, documentation and where it is declared") {
    Session session(kProgram);
    CHECK(session.capabilities().at("hoverProvider") == true);
    std::string text = hovered(session, "double(2)");
    CHECK(text.find("fn double(x: int, by: int = 2) -> int") != std::string::npos);
    CHECK(text.find("Two of it.") != std::string::npos);
    CHECK(text.find("Declared in `nyx m.ny`, line 5.") != std::string::npos);
    CHECK(hovered(session, "box.twice").find("box: Box") != std::string::npos);
    CHECK(hovered(session, "print(").find("Built in.") != std::string::npos);
    CHECK(session.at("textDocument/hover", "2), double").at("result").at("contents").at("value") == "```nyx\nint\n```");
    json params = {{"textDocument", {{"uri", "file:///closed.ny"}}}, {"position", {{"line", 0}, {"character", 0}}}};
    CHECK(session.ask("textDocument/hover", params).at("result").is_null());
}

TEST_CASE("definition is the declared name, in UTF-16 columns and what has none has none") {
    Session session(kProgram);
    CHECK(session.capabilities().at("definitionProvider") == true);
    json found = session.at("textDocument/definition", "double(3)").at("result");
    CHECK(found.at("uri") == kUri);
    CHECK(found.at("range").at("start") == json{{"line", 4}, {"character", 3}});
    CHECK(session.at("textDocument/definition", "twice()").at("result").at("range").at("start").at("line") == 2);
    CHECK(session.at("textDocument/definition", "print(").at("result").is_null());
    CHECK(session.at("textDocument/definition", "{\n").at("result").is_null());
}

TEST_CASE("references are all uses, with the declaration where that is wanted") {
    Session session(kProgram);
    CHECK(session.capabilities().at("referencesProvider") == true);
    json with = session.at("textDocument/references", "double(x", {{"context", {{"includeDeclaration", true}}}});
    REQUIRE(with.at("result").size() == 3);
    CHECK(with.at("result").at(1).at("range").at("start") == json{{"line", 10}, {"character", 12}});
    json without = session.at("textDocument/references", "double(3", {{"context", {{"includeDeclaration", false}}}});
    CHECK(without.at("result").size() == 2);
}

TEST_CASE("an outline nests members in classes and leaves out what is local") {
    Session session(kProgram);
    CHECK(session.capabilities().at("documentSymbolProvider") == true);
    json found = session.ask("textDocument/documentSymbol", {{"textDocument", {{"uri", kUri}}}}).at("result");
    REQUIRE(found.size() == 3);
    CHECK(found.at(0).at("name") == "Box");
    std::string members;
    for (const json& child : found.at(0).at("children")) members += child.at("name").get<std::string>() + " ";
    CHECK(members.find("twice ") != std::string::npos);
    CHECK(found.at(1).at("name") == "double");
    CHECK(found.at(1).at("children").empty());
    CHECK(found.at(1).at("range").at("end").at("line") == 8);
    CHECK(found.at(2).at("name") == "box");
}

TEST_CASE("renaming edits every use, and refuses what it cannot do for certain") {
    Session session(kProgram);
    CHECK(session.capabilities().at("renameProvider").at("prepareProvider") == true);
    json name = session.at("textDocument/prepareRename", "double(3)").at("result");
    CHECK(name.at("placeholder") == "double");
    CHECK(name.at("range").at("end") == json{{"line", 10}, {"character", 29}});
    json edits = session.at("textDocument/rename", "double(3)", {{"newName", "twofold"}}).at("result").at("changes");
    REQUIRE(edits.at(kUri).size() == 3);
    CHECK(edits.at(kUri).at(1).at("newText") == "twofold");
    json method = session.at("textDocument/rename", "twice()", {{"newName", "doubled"}});
    CHECK(method.at("result").at("changes").at(kUri).size() == 2);

    auto refused = [&](const std::string& needle, const char* wanted) {
        json answer = session.at("textDocument/rename", needle, {{"newName", wanted}});
        return answer.contains("error") ? answer.at("error").at("message").get<std::string>() : "renamed";
    };
    CHECK(refused("double(3)", "box") == "there is a constant 'box' already");
    CHECK(refused("double(3)", "result") != "renamed");
    CHECK(refused("double(3)", "while") == "'while' cannot be a name");
    CHECK(refused("double(3)", "a b") == "'a b' cannot be a name");
    CHECK(refused("print(", "say") == "'print' is built in");
    CHECK(refused("{\n", "x") == "there is no name here that can be renamed");
    CHECK(session.at("textDocument/prepareRename", "print(").contains("error"));

    Session unsure("class Box { fn twice(self) { return 2 } }\nfn f(b, by) { return b.twice() }\nf(Box(), by: 1)\n");
    CHECK(unsure.at("textDocument/rename", "twice", {{"newName", "x"}}).contains("error"));
    CHECK(unsure.at("textDocument/rename", "by)", {{"newName", "x"}}).contains("error"));
}

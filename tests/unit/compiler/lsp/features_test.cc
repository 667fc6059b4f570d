// Tokens, folds, selections, highlights, symbols, hints and lenses of texts, with the library and compiler of nyxc.
#include "session.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

using namespace nyx;
using namespace nyx::lsp_test;

namespace {

const char* const kProgram =
    "import std.boards.pc\n"
    "import std.boards.none\n"
    "# one\n"
    "# two\n"
    "class Box {\n"
    "    fn grow(self, by: int) { return by }\n"
    "}\n"
    "machine web {\n"
    "    memory = 2 GiB\n"
    "}\n"
    "let text = \"\xF0\x9F\x98\x80${1}\"; let box = Box()\n"
    "box.grow(1)\n";

// "text/type.modifiers" of each token.
std::vector<std::string> decoded(const json& data, const json& legend, const std::string& text) {
    lsp::Document document(text);
    std::vector<std::string> found;
    lsp::Position at;
    for (std::size_t i = 0; i + 4 < data.size(); i += 5) {
        auto line = data[i].get<std::uint32_t>();
        at = {at.line + line,
              line == 0 ? at.character + data[i + 1].get<std::uint32_t>() : data[i + 1].get<std::uint32_t>()};
        std::size_t begin = document.offset(at);
        std::size_t end = document.offset({at.line, at.character + data[i + 2].get<std::uint32_t>()});
        std::string shown = text.substr(begin, end - begin) + "/" +
                            legend.at("tokenTypes").at(data[i + 3].get<std::size_t>()).get<std::string>();
        for (std::size_t bit = 0; bit < legend.at("tokenModifiers").size(); ++bit) {
            if ((data[i + 4].get<std::uint32_t>() >> bit) & 1)
                shown += "." + legend.at("tokenModifiers").at(bit).get<std::string>();
        }
        found.push_back(shown);
    }
    return found;
}

bool contains(const std::vector<std::string>& list, const std::string& wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
}

}  // namespace

TEST_CASE("semantic tokens say what names mean, and what is a keyword or unit where it stands") {
    Session session(kProgram);
    json legend = session.capabilities().at("semanticTokensProvider").at("legend");
    json full = session.whole("textDocument/semanticTokens/full");
    auto tokens = decoded(full.at("data"), legend, kProgram);
    for (const char* wanted :
         {"Box/class.declaration", "grow/method.declaration", "by/parameter.declaration", "machine/keyword", "GiB/unit",
          "2/number", "box/variable.declaration.readonly", "grow/method", "let/keyword"}) {
        CAPTURE(wanted);
        CHECK(contains(tokens, wanted));
    }
    json range = {{"range", {{"start", {{"line", 8}, {"character", 0}}}, {"end", {{"line", 9}, {"character", 0}}}}}};
    auto part = decoded(session.whole("textDocument/semanticTokens/range", range).at("data"), legend, kProgram);
    CHECK(part.size() == 3);
    CHECK(contains(part, "GiB/unit"));
}

TEST_CASE("changes of semantic tokens lead from the last answer to the next") {
    Session session(kProgram);
    json full = session.whole("textDocument/semanticTokens/full");
    session.change(std::string("let first = 1\n") + kProgram);
    json delta = session.whole("textDocument/semanticTokens/full/delta", {{"previousResultId", full.at("resultId")}});
    std::vector<int> data = full.at("data");
    for (const json& edit : delta.at("edits")) {
        auto at = data.begin() + edit.at("start").get<int>();
        at = data.erase(at, at + edit.at("deleteCount").get<int>());
        std::vector<int> more = edit.at("data");
        data.insert(at, more.begin(), more.end());
    }
    CHECK(json(data) == session.whole("textDocument/semanticTokens/full").at("data"));
    json unknown = session.whole("textDocument/semanticTokens/full/delta", {{"previousResultId", "77"}});
    CHECK(unknown.contains("data"));
}

TEST_CASE("blocks, comments and imports fold") {
    json folds = Session(kProgram).whole("textDocument/foldingRange");
    std::set<std::string> found;
    for (const json& fold : folds)
        found.insert(std::to_string(fold.at("startLine").get<int>()) + "-" +
                     std::to_string(fold.at("endLine").get<int>()) + fold.value("kind", ""));
    CHECK(found == std::set<std::string>{"0-1imports", "2-3comment", "4-5", "7-8"});
    CHECK(Session("machine m {\n    serial {\n").whole("textDocument/foldingRange").is_array());
}

TEST_CASE("a selection grows from the word to the file, each range around the one before") {
    const std::string text = "fn f(a) {\n    return g(a + 12, [1, 2])\n}\nlet y = 1\n";
    Session session(text);
    json positions = {{{"line", 1}, {"character", 18}}};
    json range = session.whole("textDocument/selectionRange", {{"positions", positions}}).at(0);
    lsp::Document document(text);
    std::vector<std::string> grown;
    for (; !range.is_null(); range = range.value("parent", json())) {
        const json& r = range.at("range");
        std::size_t begin = document.offset({r["start"]["line"], r["start"]["character"]});
        std::size_t end = document.offset({r["end"]["line"], r["end"]["character"]});
        grown.push_back(text.substr(begin, end - begin));
        if (grown.size() > 1) CHECK(grown.back().find(grown[grown.size() - 2]) != std::string::npos);
    }
    for (const char* wanted : {"12", "a + 12", "a + 12, [1, 2]", "g(a + 12, [1, 2])", "return g(a + 12, [1, 2])"}) {
        CAPTURE(wanted);
        CHECK(contains(grown, wanted));
    }
    CHECK(grown.back() == text);
}

TEST_CASE("what stands here is highlighted where it stands elsewhere, writes apart from reads") {
    Session session("let mut n = 1\nn = n + 1\nprint(n)\n");
    json found = session.at("textDocument/documentHighlight", "n)").at("result");
    REQUIRE(found.size() == 4);
    CHECK(found.at(0).at("kind") == 3);
    CHECK(found.at(1).at("kind") == 3);
    CHECK(found.at(3).at("kind") == 2);
}

TEST_CASE("symbols are found by name in open texts and in the files of all folders") {
    namespace fs = std::filesystem;
    fs::path folder = fs::temp_directory_path() / ("nyx-symbols-" + std::to_string(::getpid()));
    for (const char* name : {"one", "two/inner", "two/.hidden"}) fs::create_directories(folder / name);
    std::ofstream(folder / "one/a.ny") << "fn helper_one(x) { }\n";
    std::ofstream(folder / "two/inner/b.ny") << "class Gadget {\n    fn spin(self) { }\n}\n";
    std::ofstream(folder / "two/.hidden/c.ny") << "fn helper_hidden() { }\n";
    Session session("fn helper_open() { }\nmachine web { serial com1 { } }\n", json::object(),
                    "file://" + (folder / "one/open.ny").string());
    auto names = [&](const char* query) {
        std::string found;
        json answer = session.ask("workspace/symbol", {{"query", query}});
        for (const json& one : answer.at("result")) found += one.at("name").get<std::string>() + " ";
        return found;
    };
    json event = {{"added",
                   {{{"uri", "file://" + (folder / "one").string()}, {"name", "one"}},
                    {{"uri", "file://" + (folder / "two").string()}, {"name", "two"}}}},
                  {"removed", json::array()}};
    session.tell("workspace/didChangeWorkspaceFolders", {{"event", event}});
    CHECK(names("helper") == "helper_one helper_open ");
    CHECK(names("GSPN").empty());
    CHECK(names("spn") == "spin ");
    CHECK(names("com1") == "com1 ");
    std::ofstream(folder / "one/a.ny") << "fn renamed_one(x) { }\n";
    CHECK(names("renamed") == "renamed_one ");
}

TEST_CASE("hints show types that were inferred and what was chosen for devices") {
    namespace fs = std::filesystem;
    fs::path folder = fs::temp_directory_path() / ("nyx-hints-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    std::ofstream(folder / "a.bin") << "\xF4";
    const std::string text =
        "let x = [1, 2]\nlet y: int = 3\nmachine web {\n    boot = flat(image: \"a.bin\", entry: 0x100000)\n    serial "
        "com1 { }\n    serial com2 { base = 0x2e8; backend = none }\n}\n";
    Session session(text, json::object(), "file://" + (folder / "m.ny").string());
    json everything = {{"start", {{"line", 0}, {"character", 0}}}, {"end", {{"line", 99}, {"character", 0}}}};
    std::vector<std::string> labels;
    json hints = session.whole("textDocument/inlayHint", {{"range", everything}});
    for (const json& hint : hints)
        labels.push_back(std::to_string(hint.at("position").at("line").get<int>()) +
                         hint.at("label").get<std::string>());
    CAPTURE(hints.dump());
    CHECK(contains(labels, "0: array<int>"));
    CHECK(contains(labels, "40x3f8–0x3ff, irq 4"));
    CHECK(contains(labels, "2memory = 128 MiB, cpus = 1, cpu = host"));
    CHECK(std::none_of(labels.begin(), labels.end(),
                       [](const std::string& label) { return label.starts_with("1") || label.starts_with("50x2e8"); }));
    json none = {{"start", {{"line", 3}, {"character", 0}}}, {"end", {{"line", 3}, {"character", 9}}}};
    CHECK(session.whole("textDocument/inlayHint", {{"range", none}}).empty());
}

TEST_CASE("lenses stand above machines and scripts, with commands that the extension has") {
    json package = json::parse(std::ifstream(NYX_EXTENSION));
    std::set<std::string> commands;
    for (const json& command : package.at("contributes").at("commands")) commands.insert(command.at("command"));
    json lenses = Session("machine web { }\nlet x = 1\nx.run()\nfn f() { }\n").whole("textDocument/codeLens");
    std::set<int> lines;
    for (const json& lens : lenses) {
        lines.insert(lens.at("range").at("start").at("line").get<int>());
        CHECK(commands.contains(lens.at("command").at("command").get<std::string>()));
        CHECK(lens.at("command").at("arguments").at(0) == kUri);
    }
    CHECK(lines == std::set<int>{0, 2});
    CHECK(lenses.at(0).at("command").at("arguments").at(1) == "web");
}

TEST_CASE("above a test stands what runs it alone") {
    json lenses =
        Session("host rack { }\nmachine web {\n    test \"it boots\" { boot() }\n}\n").whole("textDocument/codeLens");
    REQUIRE(lenses.size() == 5);
    const json& last = lenses.back();
    CHECK(last.at("range").at("start").at("line") == 2);
    CHECK(last.at("command").at("title") == "Test");
    CHECK(last.at("command").at("command") == "nyx.test");
    CHECK(last.at("command").at("arguments") == json::array({kUri, "web", "it boots"}));
}

TEST_CASE("above a test of a device too") {
    json lenses = Session("device bell(p: ioport(1)) snapshot 1 {\n    test \"it rings\" { expect true }\n}\n")
                      .whole("textDocument/codeLens");
    REQUIRE(lenses.size() == 1);
    CHECK(lenses[0].at("range").at("start").at("line") == 1);
    CHECK(lenses[0].at("command").at("command") == "nyx.test");
    CHECK(lenses[0].at("command").at("arguments") == json::array({kUri, "bell", "it rings"}));
}

TEST_CASE("an imported file that is open counts as the editor has it") {
    namespace fs = std::filesystem;
    fs::path folder = fs::temp_directory_path() / ("nyx-overlay-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    std::ofstream(folder / "tools.ny") << "fn helper(a) { return a }\n";
    Session session("import tools\ntools.helper(1)\n", json::object(), "file://" + (folder / "main.ny").string());
    CHECK(session.settle().at("diagnostics").empty());
    std::string tools = "file://" + (folder / "tools.ny").string();
    session.tell("textDocument/didOpen",
                 {{"textDocument", {{"uri", tools}, {"version", 1}, {"text", "fn helper(a, b) { return a }\n"}}}});
    session.tell("textDocument/didChange", {{"textDocument", {{"uri", tools}, {"version", 2}}},
                                            {"contentChanges", {{{"text", "fn helper(a, b, c) { return a }\n"}}}}});
    json last = session.settle();
    REQUIRE(!last.is_null());
    CHECK(!last.at("diagnostics").empty());
    session.tell("textDocument/didClose", {{"textDocument", {{"uri", tools}}}});
    CHECK(session.settle().at("diagnostics").empty());
}

TEST_CASE("renaming reaches the files that import the declaration, open or not, from either side") {
    namespace fs = std::filesystem;
    fs::path folder = fs::temp_directory_path() / ("nyx-rename-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    auto uri = [&](const char* name) { return "file://" + (folder / name).string(); };
    std::ofstream(folder / "tools.ny") << "fn helper(a) { return a }\n";
    std::ofstream(folder / "closed.ny") << "import tools\ntools.helper(3)\n";
    std::ofstream(folder / "other.ny") << "fn helper(b) { return b }\nhelper(1)\n";
    for (const char* from : {"main.ny", "tools.ny"}) {
        CAPTURE(from);
        bool is_main = std::string(from) == "main.ny";
        Session session(is_main ? "import tools\ntools.helper(1)\n" : "fn helper(a) { return a }\n", json::object(),
                        uri(from));
        json event = {{"added", {{{"uri", "file://" + folder.string()}, {"name", "x"}}}}, {"removed", json::array()}};
        session.tell("workspace/didChangeWorkspaceFolders", {{"event", event}});
        json changes = session.at("textDocument/rename", "helper", {{"newName", "aid"}}).at("result").at("changes");
        CHECK(changes.at(uri("tools.ny")).size() == 1);
        CHECK(changes.at(uri("closed.ny")).size() == 1);
        CHECK(changes.contains(uri("main.ny")) == is_main);
        CHECK(!changes.contains(uri("other.ny")));
    }
}

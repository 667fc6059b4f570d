// What can be done with a machine, above its declaration (LSP 3.17, "Code Lens Request"). The commands are those of the
// extension of VS Code (editors/vscode/package.json); each takes the file's URI, and the machine's name.
#include "compiler/lsp/convert.h"
#include "compiler/lsp/features.h"

namespace nyx::lsp {

using nlohmann::json;

namespace {

struct Lens {
    const char* title;
    const char* command;
};

constexpr Lens kOfMachine[] = {
    {"Run", "nyx.run"}, {"Build", "nyx.build"}, {"Plan", "nyx.showPlan"}, {"Topology", "nyx.showTopology"}};

// A script that ends its build stage is run as a whole.
bool runs(const ast::Stmt& statement) {
    const auto* expression = ast::try_as<ast::ExprStmt>(&statement);
    const auto* call = expression ? ast::try_as<ast::CallExpr>(expression->expr.get()) : nullptr;
    const auto* callee = call ? ast::try_as<ast::MemberExpr>(call->callee.get()) : nullptr;
    return callee && callee->member.text == "run" && call->arguments.empty();
}

void add(const OpenFile& file, Span place, const std::string& machine, json& list) {
    json arguments = {file.uri};
    if (!machine.empty()) arguments.push_back(machine);
    for (const Lens& lens : kOfMachine) {
        json command = {{"title", lens.title}, {"command", lens.command}, {"arguments", arguments}};
        list.push_back({{"range", range_json(file.document, place)}, {"command", std::move(command)}});
    }
}

}  // namespace

Result<json> handle_code_lens(Request& request) {
    json list = json::array();
    const OpenFile& file = *request.file;
    if (!file.analysis || !file.analysis->tree()) return list;
    for (const ast::StmtPtr& statement : file.analysis->tree()->body) {
        if (const auto* machine = ast::try_as<ast::MachineDecl>(statement.get()))
            add(file, machine->name.span, machine->name.text, list);
        if (runs(*statement)) add(file, statement->span, {}, list);
    }
    return list;
}

}  // namespace nyx::lsp

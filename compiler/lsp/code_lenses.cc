// What can be done with a machine and with a test, above its declaration (LSP 3.17, "Code Lens Request"). The commands
// are those of the extension of VS Code (editors/vscode/package.json); each takes the file's URI, the name of the
// machine or device, and the test's title.
#include "compiler/lsp/convert.h"
#include "compiler/lsp/features.h"
#include "compiler/syntax/ast_device.h"

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

void add(const OpenFile& file, Span place, const Lens& lens, json arguments, json& list) {
    json command = {{"title", lens.title}, {"command", lens.command}, {"arguments", std::move(arguments)}};
    list.push_back({{"range", range_json(file.document, place)}, {"command", std::move(command)}});
}

void add_test(const OpenFile& file, const ast::Ident& owner, const ast::TestStmt& test, json& list) {
    if (!test.title.empty()) add(file, test.span, {"Test", "nyx.test"}, {file.uri, owner.text, test.title}, list);
}

void add_machine(const OpenFile& file, const ast::MachineDecl& machine, json& list) {
    for (const Lens& lens : kOfMachine) add(file, machine.name.span, lens, {file.uri, machine.name.text}, list);
    for (const ast::StmtPtr& statement : machine.body) {
        const auto* test = ast::try_as<ast::TestStmt>(statement.get());
        if (test) add_test(file, machine.name, *test, list);
    }
}

void add_device(const OpenFile& file, const ast::DeviceDecl& device, json& list) {
    for (const ast::ItemPtr& item : device.items) {
        if (item->kind == ast::ItemKind::kTest) add_test(file, device.name, *ast::as<ast::TestItem>(*item).test, list);
    }
}

}  // namespace

Result<json> handle_code_lens(Request& request) {
    json list = json::array();
    const OpenFile& file = *request.file;
    if (!file.analysis || !file.analysis->tree()) return list;
    for (const ast::StmtPtr& statement : file.analysis->tree()->body) {
        const auto* machine = ast::try_as<ast::MachineDecl>(statement.get());
        if (machine && !machine->is_host) add_machine(file, *machine, list);
        const auto* device = ast::try_as<ast::DeviceDecl>(statement.get());
        if (device) add_device(file, *device, list);
        if (!runs(*statement)) continue;
        for (const Lens& lens : kOfMachine) add(file, statement->span, lens, {file.uri}, list);
    }
    return list;
}

}  // namespace nyx::lsp

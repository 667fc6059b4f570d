#include "compiler/syntax/placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "compiler/syntax/keywords.h"

namespace nyx::syntax {

namespace {

using ast::StmtKind;

enum class Place { kScript, kMachine, kDevice, kHost };

std::string_view name_of(const ast::Stmt& statement) {
    switch (statement.kind) {
        case StmtKind::kDeviceStmt:
            return "a device";
        case StmtKind::kRequireStmt:
            return "`require`";
        case StmtKind::kOnStmt:
            return "`on`";
        case StmtKind::kMachineDecl:
            return ast::as<ast::MachineDecl>(statement).is_host ? "`host`" : "`machine`";
        case StmtKind::kSchemaDecl:
            return "`schema`";
        case StmtKind::kClassDecl:
            return "`class`";
        case StmtKind::kModuleDecl:
            return "`module`";
        case StmtKind::kImportStmt:
            return "`import`";
        case StmtKind::kTestStmt:
            return "`test`";
        default:
            return "this statement";
    }
}

bool fits_machine(StmtKind kind) {
    switch (kind) {
        case StmtKind::kAssignStmt:
        case StmtKind::kDeviceStmt:
        case StmtKind::kIfStmt:
        case StmtKind::kForInStmt:
        case StmtKind::kLetStmt:
        case StmtKind::kRequireStmt:
        case StmtKind::kOnStmt:
        case StmtKind::kTestStmt:
        case StmtKind::kPassStmt:
        case StmtKind::kErrorStmt:
            return true;
        default:
            return false;
    }
}

bool fits(Place place, StmtKind kind) {
    if (place == Place::kMachine) return fits_machine(kind);
    bool handler = kind == StmtKind::kRequireStmt || kind == StmtKind::kOnStmt || kind == StmtKind::kTestStmt;
    if (place == Place::kDevice) return fits_machine(kind) && !handler;
    if (place == Place::kHost) return fits(Place::kDevice, kind) && kind != StmtKind::kDeviceStmt;
    return !handler && kind != StmtKind::kDeviceStmt;
}

std::string_view advice(Place place, const ast::Stmt& statement) {
    StmtKind kind = statement.kind;
    if (kind == StmtKind::kDeviceStmt) {
        auto foreign = advice_for_foreign_word(ast::as<ast::DeviceStmt>(statement).type.text);
        if (!foreign.empty()) return foreign;
    }
    if (place == Place::kMachine) {
        return "a machine holds fields (`memory = 2 GiB`), devices, `let`, `if`, `for … in`, `require`, `on` and "
               "`test`";
    }
    if (place == Place::kDevice) return "a device holds fields (`base = 0x3f8`), `let`, `if` and `for … in`";
    if (place == Place::kHost) return "a host holds fields (`memory = 64 GiB`), `let`, `if` and `for … in`";
    if (kind == StmtKind::kDeviceStmt) return "devices stand inside `machine name { … }`; a call is written `name(…)`";
    return "it stands inside `machine name { … }`";
}

// Statements of handlers, tests and functions are looked at as scripts.
class PlaceChecker {
  public:
    PlaceChecker(std::string_view text, diagnostics::Sink& sink) : text_(text), sink_(sink) {}

    void list(const ast::StmtList& body, Place place) {
        for (const auto& statement : body) one(*statement, place);
    }

  private:
    void one(const ast::Stmt& statement, Place place) {
        if (!fits(place, statement.kind)) {
            std::string_view where = place == Place::kScript    ? "outside a machine"
                                     : place == Place::kMachine ? "in a machine"
                                     : place == Place::kHost    ? "in a host"
                                                                : "in a device";
            sink_
                .report(diagnostics::Code::kMisplaced, first_word(text_, statement.span),
                        fmt::format("{} cannot stand {}", name_of(statement), where))
                .help(std::string(advice(place, statement)));
            return;
        }
        inside(statement, place);
    }

    void inside(const ast::Stmt& statement, Place place) {
        switch (statement.kind) {
            case StmtKind::kMachineDecl:
                return list(ast::as<ast::MachineDecl>(statement).body,
                            ast::as<ast::MachineDecl>(statement).is_host ? Place::kHost : Place::kMachine);
            case StmtKind::kDeviceStmt:
                return list(ast::as<ast::DeviceStmt>(statement).body, Place::kDevice);
            case StmtKind::kIfStmt: {
                const auto& node = ast::as<ast::IfStmt>(statement);
                list(node.then_body, place);
                return list(node.else_body, place);
            }
            case StmtKind::kForInStmt:
                return list(ast::as<ast::ForInStmt>(statement).body, place);
            case StmtKind::kForStmt:
                return list(ast::as<ast::ForStmt>(statement).body, place);
            case StmtKind::kWhileStmt:
                return list(ast::as<ast::WhileStmt>(statement).body, place);
            case StmtKind::kBlockStmt:
                return list(ast::as<ast::BlockStmt>(statement).body, place);
            case StmtKind::kModuleDecl:
                return list(ast::as<ast::ModuleDecl>(statement).body, place);
            case StmtKind::kFnDecl:
                return list(ast::as<ast::FnDecl>(statement).fn.body, Place::kScript);
            case StmtKind::kOnStmt:
                return list(ast::as<ast::OnStmt>(statement).body, Place::kScript);
            case StmtKind::kTestStmt:
                return list(ast::as<ast::TestStmt>(statement).body, Place::kScript);
            case StmtKind::kClassDecl:
                for (const auto& method : ast::as<ast::ClassDecl>(statement).methods)
                    list(method->fn.body, Place::kScript);
                return;
            default:
                return;
        }
    }

    std::string_view text_;
    diagnostics::Sink& sink_;
};

}  // namespace

Span first_word(std::string_view text, Span statement) {
    auto in_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    std::uint32_t end = statement.begin;
    while (end < statement.end && in_word(text[end])) ++end;
    return {statement.file, statement.begin, std::max(end, std::min(statement.begin + 1, statement.end))};
}

void check_places(const ast::Module& module, std::string_view text, diagnostics::Sink& sink) {
    PlaceChecker(text, sink).list(module.body, Place::kScript);
}

}  // namespace nyx::syntax

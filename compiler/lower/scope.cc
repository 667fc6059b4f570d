#include "compiler/lower/scope.h"

namespace nyx::lower {

using namespace ast;

namespace {

class Collector {
  public:
    explicit Collector(std::set<std::string>& names) : names_(names) {}

    void body(const StmtList& list) {
        for (const StmtPtr& stmt : list) {
            if (stmt) one(*stmt);
        }
    }

  private:
    void target(const Expr& expr) {
        if (const auto* name = try_as<NameExpr>(&expr)) names_.insert(name->name);
        if (const auto* tuple = try_as<TupleExpr>(&expr)) {
            for (const ExprPtr& element : tuple->elements) target(*element);
        }
    }
    void idents(const std::vector<Ident>& list) {
        for (const Ident& ident : list) names_.insert(ident.text);
    }
    void one(const Stmt& stmt) {
        switch (stmt.kind) {
            case StmtKind::kLetStmt: return idents(as<LetStmt>(stmt).names);
            case StmtKind::kAssignStmt: return target(*as<AssignStmt>(stmt).target);
            case StmtKind::kBlockStmt: return body(as<BlockStmt>(stmt).body);
            case StmtKind::kIfStmt: body(as<IfStmt>(stmt).then_body); return body(as<IfStmt>(stmt).else_body);
            case StmtKind::kWhileStmt: return body(as<WhileStmt>(stmt).body);
            case StmtKind::kForStmt:
                if (as<ForStmt>(stmt).init) one(*as<ForStmt>(stmt).init);
                return body(as<ForStmt>(stmt).body);
            case StmtKind::kForInStmt: idents(as<ForInStmt>(stmt).names); return body(as<ForInStmt>(stmt).body);
            case StmtKind::kSwitchStmt:
                for (const SwitchCase& c : as<SwitchStmt>(stmt).cases) body(c.body);
                return;
            case StmtKind::kMatchStmt:
                for (const MatchArm& arm : as<MatchStmt>(stmt).arms) body(arm.body);
                return;
            case StmtKind::kTryStmt: {
                const auto& s = as<TryStmt>(stmt);
                if (s.catch_name) names_.insert(s.catch_name->text);
                body(s.body);
                body(s.catch_body);
                return body(s.finally_body);
            }
            case StmtKind::kFnDecl: names_.insert(as<FnDecl>(stmt).name.text); return;
            case StmtKind::kClassDecl: names_.insert(as<ClassDecl>(stmt).name.text); return;
            case StmtKind::kMachineDecl: names_.insert(as<MachineDecl>(stmt).name.text); return machine(as<MachineDecl>(stmt).body);
            default: return;
        }
    }
    // Fields of a machine are no variables; what `let` and `for` name inside it are.
    void machine(const StmtList& list) {
        for (const StmtPtr& stmt : list) {
            switch (stmt->kind) {
                case StmtKind::kLetStmt: idents(as<LetStmt>(*stmt).names); break;
                case StmtKind::kForInStmt: idents(as<ForInStmt>(*stmt).names); machine(as<ForInStmt>(*stmt).body); break;
                case StmtKind::kIfStmt: machine(as<IfStmt>(*stmt).then_body); machine(as<IfStmt>(*stmt).else_body); break;
                case StmtKind::kDeviceStmt: machine(as<DeviceStmt>(*stmt).body); break;
                case StmtKind::kFnDecl: names_.insert(as<FnDecl>(*stmt).name.text); break;
                default: break;
            }
        }
    }

    std::set<std::string>& names_;
};

}  // namespace

std::set<std::string> assigned_names(const StmtList& body) {
    std::set<std::string> names;
    Collector(names).body(body);
    return names;
}

std::uint16_t FunctionScope::add_local(const std::string& name) {
    auto index = code.local_count++;
    code.local_names.push_back(name);
    if (!name.empty()) locals.emplace(name, index);
    return index;
}

}  // namespace nyx::lower

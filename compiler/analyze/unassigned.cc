#include "compiler/analyze/unassigned.h"

#include <unordered_set>

#include "compiler/lower/bodies.h"

namespace nyx::analyze {

namespace {

class Walk {
  public:
    Walk(const Model::Data& data, Complaints& complaints) : data_(data), say_(complaints) {}

    void function(const FunctionEntry& entry) {
        start(entry.symbol);
        for (SymbolId parameter : entry.parameters) assigned_.insert(parameter);
        statements(entry.body->body);
    }
    void module(const ast::Module& tree, SymbolId symbol) {
        start(symbol);
        for (const ast::StmtPtr& node : tree.body) {
            statement_ = node->span;
            stmt(*node);
        }
        statement_ = {};
    }

  private:
    void start(SymbolId owner) {
        owner_ = owner;
        assigned_.clear();
        log_.clear();
    }

    // A variable or function of this very body, that has had no value on any way here.
    void read(const ast::NameExpr& node) {
        SymbolId symbol = data_.bound_to(&node);
        if (symbol == kNoSymbol || assigned_.contains(symbol) || data_.written_elsewhere.contains(symbol)) return;
        const Symbol& known = data_.symbols[symbol];
        bool variable = known.kind == SymbolKind::kVariable || known.kind == SymbolKind::kConstant ||
                        known.kind == SymbolKind::kFunction || known.kind == SymbolKind::kClass;
        bool here = known.owner == owner_ && known.name_span.file == node.span.file;
        if (!variable || !here || known.name_span == node.span) return;
        assign(symbol);  // said once
        say_.unassigned(node.span, known, statement_);
    }
    void assign(SymbolId symbol) {
        if (symbol != kNoSymbol && assigned_.insert(symbol).second) log_.push_back(symbol);
    }

    void statements(const ast::StmtList& body) {
        for (const ast::StmtPtr& node : body) stmt(*node);
    }

    // One of several ways: what it assigns does not count in the others, but behind them.
    template <class Body>
    std::vector<SymbolId> branch(Body body) {
        std::size_t begin = log_.size();
        body();
        std::vector<SymbolId> own(log_.begin() + static_cast<std::ptrdiff_t>(begin), log_.end());
        for (SymbolId symbol : own) assigned_.erase(symbol);
        log_.resize(begin);
        return own;
    }
    void together(const std::vector<SymbolId>& symbols) {
        for (SymbolId symbol : symbols) assign(symbol);
    }

    void stmt(const ast::Stmt& node) {
        switch (node.kind) {
            case ast::StmtKind::kExprStmt:
                return expr(*ast::as<ast::ExprStmt>(node).expr);
            case ast::StmtKind::kLetStmt: {
                const auto& let = ast::as<ast::LetStmt>(node);
                if (let.value) expr(*let.value);
                // Without a value and a type it is null.
                bool waits = !let.value && let.type && !let.type->nullable && !is_nullable(*let.type);
                for (const ast::Ident& name : let.names) {
                    if (!waits) assign(data_.bound_to(&name));
                }
                return;
            }
            case ast::StmtKind::kAssignStmt: {
                const auto& assignment = ast::as<ast::AssignStmt>(node);
                expr(*assignment.value);
                if (assignment.op) expr(*assignment.target);
                return target(*assignment.target);
            }
            case ast::StmtKind::kIfStmt: {
                const auto& choice = ast::as<ast::IfStmt>(node);
                expr(*choice.condition);
                auto first = branch([&] { statements(choice.then_body); });
                statements(choice.else_body);
                return together(first);
            }
            case ast::StmtKind::kSwitchStmt: {
                const auto& choice = ast::as<ast::SwitchStmt>(node);
                expr(*choice.subject);
                std::vector<SymbolId> all;
                for (const ast::SwitchCase& one : choice.cases) {
                    for (const ast::ExprPtr& value : one.values) expr(*value);
                    auto own = branch([&] { statements(one.body); });
                    all.insert(all.end(), own.begin(), own.end());
                }
                return together(all);
            }
            case ast::StmtKind::kReturnStmt:
                if (const ast::Expr* value = ast::as<ast::ReturnStmt>(node).value.get()) expr(*value);
                return;
            case ast::StmtKind::kThrowStmt:
                return expr(*ast::as<ast::ThrowStmt>(node).value);
            case ast::StmtKind::kFnDecl:
                return assign(data_.bound_to(&ast::as<ast::FnDecl>(node).name));
            case ast::StmtKind::kClassDecl: {
                const auto& decl = ast::as<ast::ClassDecl>(node);
                return assign(data_.bound_to(&decl.name));
            }
            case ast::StmtKind::kForInStmt:
                expr(*ast::as<ast::ForInStmt>(node).iterable);
                return assign_all(node);
            case ast::StmtKind::kBlockStmt:
                return statements(ast::as<ast::BlockStmt>(node).body);
            case ast::StmtKind::kModuleDecl:
                return;
            default:
                // Loops and the rest: everything that is assigned somewhere in it may have been.
                assign_all(node);
        }
    }

    bool is_nullable(const ast::TypeRef& ref) const {
        Type type = data_.annotation(ref);
        TypeKind kind = data_.types.kind(type);
        return kind == TypeKind::kNullable || kind == TypeKind::kNull || kind == TypeKind::kUnknown;
    }

    void assign_all(const ast::Stmt& node) {
        if (const auto* loop = ast::try_as<ast::ForStmt>(&node)) {
            if (loop->init) assign_one(*loop->init);
            if (loop->step) assign_one(*loop->step);
        }
        lower::each_body(node, [&](const ast::StmtList& body) {
            for (const ast::StmtPtr& one : body) assign_one(*one);
        });
    }
    void assign_one(const ast::Stmt& node) {
        if (const auto* assignment = ast::try_as<ast::AssignStmt>(&node)) names_of(*assignment->target);
        if (const auto* let = ast::try_as<ast::LetStmt>(&node)) {
            for (const ast::Ident& name : let->names) assign(data_.bound_to(&name));
        }
        if (const auto* fn = ast::try_as<ast::FnDecl>(&node)) assign(data_.bound_to(&fn->name));
        assign_all(node);
    }

    void names_of(const ast::Expr& node) {
        if (node.kind == ast::ExprKind::kNameExpr) return assign(data_.bound_to(&node));
        const auto* tuple = ast::try_as<ast::TupleExpr>(&node);
        for (std::size_t i = 0; tuple && i < tuple->elements.size(); ++i) names_of(*tuple->elements[i]);
    }

    void target(const ast::Expr& node) {
        if (node.kind == ast::ExprKind::kNameExpr) return assign(data_.bound_to(&node));
        const auto* tuple = ast::try_as<ast::TupleExpr>(&node);
        if (!tuple) return expr(node);
        for (const ast::ExprPtr& element : tuple->elements) target(*element);
    }

    // Only what is certainly evaluated now.
    void expr(const ast::Expr& node) {
        if (const auto* name = ast::try_as<ast::NameExpr>(&node)) return read(*name);
        if (const auto* both = ast::try_as<ast::BinaryExpr>(&node)) {
            expr(*both->left);
            bool lazy = both->op == ast::BinaryOp::kAnd || both->op == ast::BinaryOp::kOr ||
                        both->op == ast::BinaryOp::kCoalesce;
            if (!lazy) expr(*both->right);
        } else if (const auto* one = ast::try_as<ast::UnaryExpr>(&node)) {
            expr(*one->operand);
        } else if (const auto* call = ast::try_as<ast::CallExpr>(&node)) {
            expr(*call->callee);
            for (const ast::Argument& argument : call->arguments) expr(*argument.value);
        } else if (const auto* member = ast::try_as<ast::MemberExpr>(&node)) {
            expr(*member->object);
        } else if (const auto* index = ast::try_as<ast::IndexExpr>(&node)) {
            expr(*index->object);
            expr(*index->index);
        } else if (const auto* step = ast::try_as<ast::StepExpr>(&node)) {
            expr(*step->target);
        } else if (const auto* text = ast::try_as<ast::InterpolatedString>(&node)) {
            for (const ast::ExprPtr& value : text->values) expr(*value);
        } else if (const auto* list = ast::try_as<ast::ArrayExpr>(&node)) {
            for (const ast::ExprPtr& element : list->elements) expr(*element);
        }
    }

    const Model::Data& data_;
    Complaints& say_;
    SymbolId owner_ = kNoSymbol;
    std::unordered_set<SymbolId> assigned_;
    std::vector<SymbolId> log_;
    Span statement_;  // of the module that is gone through
};

}  // namespace

void report_unassigned(const Model::Data& data, Complaints& complaints) {
    Walk walk(data, complaints);
    for (const FunctionEntry& entry : data.functions) walk.function(entry);
    for (std::size_t i = 0; i < data.program->modules.size(); ++i) {
        const ast::Module& tree = *data.program->modules[i];
        for (const ModuleEntry& entry : data.modules) {
            if (entry.parent == kNone && entry.file == tree.file) walk.module(tree, entry.symbol);
        }
    }
}

}  // namespace nyx::analyze

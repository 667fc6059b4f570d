// Finds the type of every expression and, once types are settled, what cannot be right.
//
// Units (function and module bodies) are visited until nothing changes: a variable has the join of what is assigned to
// it, a function the join of what it returns. It starts from "nothing was seen", so a loop counter is an int although
// its own value goes into it. A unit that was visited kMaxVisits times gives up: what it assigns is of unknown type. So
// the whole is linear. Then every unit is visited once more, to record types and to report.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/analyze/complaints.h"
#include "compiler/analyze/data.h"
#include "compiler/analyze/place_arguments.h"

namespace nyx::analyze {

// Whether control goes on behind a statement. kPerhaps: a switch without default that leaves in every case.
enum class Flow : std::uint8_t { kLeaves, kPerhaps, kGoesOn };

class Typer {
  public:
    Typer(Model::Data& data, Complaints& complaints) : data_(data), types_(data.types), say_(complaints) {}
    void run();

  private:
    static constexpr int kMaxVisits = 8;

    struct Unit {
        const ast::StmtList* body = nullptr;
        std::uint32_t function = kNone;
        int visits = 0;
        bool queued = false;
    };
    struct Loop {
        bool has_break = false;
    };

    // ---- typer.cc: units and symbols
    void add_units();
    void settle();
    void visit(std::uint32_t unit);
    void enqueue(std::uint32_t unit);
    void changed(SymbolId symbol);
    Type read(SymbolId symbol);
    void join_into(SymbolId symbol, Type type);
    void forget_nothing();
    void parameters(FunctionEntry& entry);
    void finish_function(FunctionEntry& entry, Flow end);
    SymbolId field_group(SymbolId field) const;
    SymbolId elsewhere(const std::string& name);
    Type field_type(SymbolId field);
    void share_field_types();

    // ---- typer_statements.cc, typer_branches.cc
    Flow statements(const ast::StmtList& body);
    Flow stmt(const ast::Stmt& node);
    Flow stmt_of_kind(const ast::Stmt& node);
    Flow while_stmt(const ast::WhileStmt& node);
    Flow for_stmt(const ast::ForStmt& node);
    Flow assert_stmt(const ast::AssertStmt& node);
    Flow if_stmt(const ast::IfStmt& node);
    Flow loop_body(const ast::StmtList& body, bool endless);
    Flow for_in(const ast::ForInStmt& node);
    Flow switch_stmt(const ast::SwitchStmt& node);
    Flow match_stmt(const ast::MatchStmt& node);
    Flow try_stmt(const ast::TryStmt& node);
    Flow expr_stmt(const ast::Expr& node);

    // ---- typer_assignments.cc
    void let(const ast::LetStmt& node);
    void assign(const ast::AssignStmt& node);
    void store(const ast::Expr& target, Type value, const ast::Expr* from);
    void store_name(SymbolId symbol, Span where, Type value, const ast::Expr* from);
    void store_member(const ast::MemberExpr& target, Type value, const ast::Expr* from);
    void store_index(const ast::IndexExpr& target, Type value);
    void unpack(const ast::Expr& from, Type value, std::size_t count, std::vector<Type>& parts);
    void return_stmt(const ast::ReturnStmt& node);
    void class_decl(const ast::ClassDecl& node);
    void bind_loop(const std::vector<ast::Ident>& names, const ast::Expr& iterable, Type type);
    void machine_body(const ast::StmtList& body);

    // ---- typer_expressions.cc
    Type expr(const ast::Expr& node);
    Type expr_of_kind(const ast::Expr& node);
    Type name(const ast::NameExpr& node);
    Type quantity(const ast::Quantity& node);
    Type list(const ast::ArrayExpr& node);
    Type map(const ast::MapExpr& node);
    Type comprehension(const ast::Comprehension& node);
    Type unary(const ast::UnaryExpr& node);
    Type binary(const ast::BinaryExpr& node);
    bool is_builtin(const ast::Expr& node) const;
    Type operation(ast::BinaryOp op, const ast::Expr& left, Type a, const ast::Expr& right, Type b, Span op_span,
                   Span whole);
    Type index(const ast::IndexExpr& node);
    bool is_no_place(Type index) const;
    Type element(Type container, Span where, Span whole);
    Type slice(const ast::SliceExpr& node);
    Type step(const ast::StepExpr& node);

    // ---- typer_members.cc
    // called: a call follows, so a method comes before a map's key.
    struct Member {
        Type type;
        SymbolId symbol = kNoSymbol;
    };
    Type member(const ast::MemberExpr& node, bool called, Span failing);
    Member find_member(Type object, const std::string& name, bool called);
    Member instance_member(std::uint32_t class_entry, const std::string& name, bool called);
    bool may_have(std::uint32_t class_entry, const std::string& name);
    bool is_certain_absence(Type object, const std::string& name);
    std::vector<std::string> member_names(Type object);

    // ---- typer_calls.cc
    // member: of `object.method(…)`, null for `name(…)`; then receiver and method are what the object and it are.
    struct Callee {
        const ast::MemberExpr* member = nullptr;
        Type type{};
        Type receiver{};
        SymbolId method = kNoSymbol;
        Span where{};  // the span that the interpreter would report
    };
    Type call(const ast::CallExpr& node);
    Type call(const ast::CallExpr& node, const Callee& callee);
    Type call_unknown(const ast::CallExpr& node, const Callee& callee);
    Type after_unknown_method(Type object, const std::string& name);
    // Leaves their types in argument_types_.
    void arguments(const ast::CallExpr& node, const Placement& placement);

    // ---- typer_callees.cc
    Type call_symbol(const ast::CallExpr& node, SymbolId callee, bool certain, Span where);
    std::optional<Signature> signature_to_check(SymbolId callee) const;
    Type method_result(SymbolId method);
    bool is_overridden(std::uint32_t class_entry, const std::string& name);
    bool overrides(std::uint32_t class_entry, const std::string& name, int& budget, std::vector<SymbolId>& found);
    Type super_call(const ast::CallExpr& node, const std::string& name);
    void report_absent(SymbolId base, const ast::MemberExpr& callee, Span where);
    void construct(const ast::CallExpr& node, std::uint32_t class_entry, bool certain, Span where);
    void fill_fields(const ast::CallExpr& node, std::uint32_t class_entry);

    // ---- typer_builtins.cc
    Type call_builtin(const ast::CallExpr& node, SymbolId builtin, const Callee& callee);
    void widen(const ast::Expr& holder, Type container);
    void hint_callbacks(const ast::CallExpr& node, Type list);

    void record(Span span, Type type) {
        if (checking_) data_.files[span.file].expressions.push_back({span.begin, span.end, type, kNone});
    }
    void refer(Span span, SymbolId symbol, bool is_write = false) {
        if (checking_) data_.refer(span, symbol, false, is_write);
    }
    // Of an operation that cannot succeed: it gives no value, so what it would be assigned to stays as it is.
    Type failed() const { return checking_ ? Type() : types_.basic(TypeKind::kNothing); }
    std::string text(Type type) const { return data_.text(type); }
    std::uint32_t class_of(Type type) const {
        const TypeData& data = types_.data(types_.without_null(type));
        return data.kind == TypeKind::kInstance ? data_.symbols[data.detail].entry : kNone;
    }

    Model::Data& data_;
    TypeTable& types_;
    Complaints& say_;
    std::vector<Unit> units_;
    std::deque<std::uint32_t> queue_;
    std::deque<std::uint32_t> late_queue_;  // module bodies: they use much and are used by little
    std::vector<std::vector<std::uint32_t>> readers_;
    std::unordered_map<std::string, SymbolId> elsewhere_;  // what unknown objects' members are set to, by name
    std::vector<Loop> loops_;
    std::uint32_t unit_ = kNone;
    std::uint32_t function_ = kNone;
    Type member_object_;  // of the latest member expression, and what was found
    SymbolId member_symbol_ = kNoSymbol;
    std::vector<Type> argument_types_;  // of the latest call
    bool call_leaves_ = false;          // the last call was of what never returns
    bool lacks_capability_ = false;     // the function is only declared in this build
    bool returns_ = false;              // the function has a `return`
    bool checking_ = false;
};

}  // namespace nyx::analyze

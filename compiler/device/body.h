// One function of a device: statements and expressions to instructions, with the range of every value.
//
// What is wrong is reported, and lowering goes on; the function is of use only where nothing was. A Body is used for
// one function and then finished.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "compiler/device/declared.h"
#include "compiler/device/function_builder.h"

namespace nyx::device {

class Body {
  public:
    Body(const Declared& device, std::string name, unsigned parameters, bool returns);

    // The parameters' values, before anything else. An empty name: of no use to the code.
    void parameter(unsigned number, const ast::Ident& name, Type type);
    void counted_parameter(unsigned number, const ast::Ident& name, Range range);
    void constant(const std::string& name, std::uint64_t value);
    // Asked before anything else what an expression is.
    void ask_first(std::function<std::optional<Value>(const ast::Expr&)> what) { ask_first_ = std::move(what); }
    void statements(const ast::StmtList& list);
    // Reports where a way through leads to the end without a value.
    void require_return(Type type, Span where);
    void give_back(const Value& value);
    // Nothing from here on happens where the condition does not hold.
    void only_where(const ast::Expr& condition);
    // The phases that hold wherever this runs; without a call, nobody asks which do.
    void within(std::vector<const ast::PhaseItem*> phases) { phases_ = std::move(phases); }

    Value expression(const ast::Expr& expr);
    // As `type`; reported where it is not one and cannot be taken for one.
    Value converted(Value value, Type type, Span where);
    Value expression_as(const ast::Expr& expr, Type type) { return converted(expression(expr), type, expr.span); }
    Value condition(const ast::Expr& expr);
    std::uint16_t in_temporary(const Value& value);
    Value operation(dev::ir::Op op, const Value& a, const Value& b, unsigned bits);
    // What a read of the register's storage, fixed and computed bits gives.
    Value register_value(const RegisterInfo& reg, const Value& index, Span where);
    Value field_value(const RegisterInfo& reg, const FieldInfo& field, const Value& index, Span where);

    void returns_type(Type type) { result_ = type; }
    const dev::ir::Function& made() const { return builder_.made(); }
    dev::ir::Function finish(Span where);

  protected:
    struct Local {
        Type type;
        std::uint16_t temporary = 0;
        bool is_mutable = false;
        Range range;
        std::optional<std::uint64_t> constant;
        std::uint32_t number = 0;  // of Place
    };
    // A call of `fn` on the way.
    struct Inline {
        const FunctionInfo* function = nullptr;
        std::uint16_t result = 0, has_returned = 0;
        std::size_t loops = 0;
        std::vector<std::size_t> to_end;
        Range range;
        bool is_range_known = false;
        bool always_returns = false;
        Span call;
    };
    struct Loop {
        std::vector<std::size_t> to_end;
    };
    using Facts = std::map<Place, Range>;

    // Of the code of a `fn` once, however many calls it is inlined into.
    diagnostics::Diagnostic& report(diagnostics::Code code, Span where, std::string message, std::string label = {});
    Value mistake(diagnostics::Code code, Span where, std::string message) {
        report(code, where, std::move(message));
        return Value::error();
    }

    // body_statements.cc: of a statement, and of many, whether control never goes on behind it.
    bool block(const ast::StmtList& list);
    bool statement(const ast::Stmt& stmt);
    void simple_statement(const ast::Stmt& stmt);
    void report_no_statement(const ast::Stmt& stmt);
    void let(const ast::LetStmt& node);
    void emit_statement(const ast::EmitStmt& node);
    void expression_statement(const ast::Expr& expr);
    void declare_local(const ast::Ident& name, Value value, bool is_mutable);
    Local* find_local(std::string_view name);

    // body_branches.cc
    bool if_statement(const ast::IfStmt& node);
    bool match_statement(const ast::MatchStmt& node);
    std::optional<Value> arm_condition(const Value& subject, const ast::MatchArm& arm);
    Value pattern(const Value& subject, const ast::Expr& expr);

    // body_loops.cc
    void loop(std::uint64_t count, Span where, const std::function<void(const Value&)>& inside);
    void for_statement(const ast::ForInStmt& node);
    void for_numbers(const ast::ForInStmt& node, const ast::BinaryExpr& range);
    void for_elements(const ast::ForInStmt& node, std::uint32_t field);
    void for_queued(const ast::ForInStmt& node, std::uint32_t field);
    void round(const ast::ForInStmt& node, const Value& value);

    // body_inline.cc
    Value inline_call(const FunctionInfo& function, const ast::CallExpr& node);
    bool calls_itself(const FunctionInfo& function, Span call);
    Inline inline_body(const FunctionInfo& function, Span call);
    bool give_back(const ast::ReturnStmt& node);
    void leave_inlined(const Value& value, Type type);
    void leave_if_returned();
    void jump_out(std::size_t jump);

    // body_assign.cc: something that can be assigned to, perhaps some of its bits.
    struct Target {
        Local* local = nullptr;
        std::uint32_t field = dev::ir::kNone;
        std::optional<Value> index;  // of an array
        Type whole;                  // of the local or element
        Type type;                   // of the bits
        unsigned high = 63, low = 0;
        bool is_part = false;
        std::optional<Value> bit = std::nullopt;  // one of `whole`, by its number
    };
    void assign(const ast::AssignStmt& node);
    void step(const ast::StepExpr& node);
    std::optional<Target> target_of(const ast::Expr& expr);
    std::optional<Target> target_named(const ast::NameExpr& node);
    std::optional<Target> target_in(const ast::IndexExpr& node);
    std::optional<Target> bit_target(Target whole, const Value& bit, Span where);
    std::optional<Target> field_target(const ast::MemberExpr& node);
    std::optional<Target> storage_target(const RegisterInfo& reg, const Value& index, Span where);
    Value load(const Target& target);
    void store(const Target& target, const Value& value, Span where);
    void store_whole(const Target& target, const Value& value);
    bool may_change(std::uint32_t field, Span where);
    void store_bit(const Target& target, const Value& value);
    struct Slice {
        unsigned high = 0, low = 0;
    };
    std::optional<Slice> slice_of(const ast::Expr& index, const Type& whole);

    // body_expressions.cc
    Value name(const ast::NameExpr& node);
    Value symbol_value(const Symbol& symbol, std::string_view called, Span where);
    Value derived(const DeriveInfo& derive, Span where);
    Value unary(const ast::UnaryExpr& node);
    Value binary(const ast::BinaryExpr& node);
    Value logical(const ast::BinaryExpr& node);
    Value comparison(const ast::BinaryExpr& node, const Value& a, const Value& b);
    Value shift(const ast::BinaryExpr& node, const Value& a, const Value& b);
    Value division(const ast::BinaryExpr& node, const Value& a, const Value& b);
    bool unify(Value& a, Value& b, Span where);
    bool is_loose(const ast::BinaryExpr& node, const Value& a, const Value& b);
    Value negated(const Value& value);
    Value bits_of(const Value& value, unsigned high, unsigned low);
    Value bit_at(const Value& value, const Value& index, Span where);
    Value loaded(std::uint32_t field);
    Value element(std::uint32_t field, const Value& index, Span where);
    Value index_expression(const ast::IndexExpr& node);
    Value quantity(const ast::Quantity& node);
    bool prove(const Value& index, std::uint64_t count, Span where, std::string_view what, std::string_view has);
    Value unknown(std::string_view name, Span where);

    // body_calls.cc
    Value call(const ast::CallExpr& node);
    Value query(std::uint32_t number, const ast::CallExpr& node);
    Value conversion(const ast::CallExpr& node, Type to);
    std::optional<Type> type_named(std::string_view name) const;
    bool takes(const ast::CallExpr& node, std::size_t count, std::string_view what);

    // body_members.cc
    // A register that an expression names, perhaps one of an array.
    struct Named {
        const RegisterInfo* reg = nullptr;
        Value index;
    };
    const Symbol* symbol_named(const ast::Expr& expr);
    std::optional<Named> register_named(const ast::Expr& expr);
    bool names_old(const ast::Expr& expr);
    Value member(const ast::MemberExpr& node);
    Value method(const ast::CallExpr& node, const ast::MemberExpr& member);
    Value old_member(const ast::MemberExpr& node);
    Value register_member(const Named& named, const ast::MemberExpr& node);
    Value enum_member(const EnumType& of, const ast::MemberExpr& node);
    Value clock_member(const ast::MemberExpr& node);
    Value unknown_member(const ast::MemberExpr& member, std::string_view of, std::vector<std::string> known);

    // body_fifos.cc, body_methods.cc. call: of a method; null: a value is asked for.
    Value state_member(std::uint32_t field, const ast::MemberExpr& member, const ast::CallExpr* call);
    Value fifo_property(std::uint32_t field, const ast::MemberExpr& member);
    Value fifo_length(std::uint32_t field);
    Value fifo_method(std::uint32_t field, const ast::MemberExpr& member, const ast::CallExpr& call);
    Value fifo_push(std::uint32_t field, const ast::CallExpr& call);
    Value fifo_pop(std::uint32_t field, const ast::CallExpr& call);
    Value fifo_clear(std::uint32_t field, const ast::CallExpr& call);
    Value fifo_at(std::uint32_t field, const ast::CallExpr& call);
    Value unknown_of_fifo(const ast::MemberExpr& member);
    Value phase_member(const ast::PhaseItem& phase, const ast::MemberExpr& member, const ast::CallExpr& call);
    void reset_field(std::uint32_t field, Span where);
    Value timer_member(std::uint32_t timer, const ast::MemberExpr& member, const ast::CallExpr* call);
    Value control_member(const ast::MemberExpr& member, const ast::CallExpr* call);

    // body_ranges.cc: what a condition says of the places in it.
    void learn(const ast::Expr& condition, bool holds);
    void learn_comparison(const ast::BinaryExpr& node, bool holds);
    Value seen(const ast::Expr& expr) const;
    void learn_range(const Place& place, Range range);
    void forget(Place::Kind kind, std::uint32_t index);
    void forget_mutable();
    Range known(const Place& place, Range otherwise) const;
    static Facts both(const Facts& a, const Facts& b);

    const Declared& device_;
    FunctionBuilder builder_;
    std::vector<std::map<std::string, Local, std::less<>>> scopes_{1};
    std::vector<Inline> inlined_;
    std::vector<Loop> loops_;
    std::vector<const DeriveInfo*> derives_on_the_way_;
    Facts facts_;
    Type result_ = Type::nothing();
    std::optional<std::vector<const ast::PhaseItem*>> phases_;
    std::uint32_t locals_ = 0;
    std::set<std::uint32_t> unchanging_;      // numbers of locals that keep their value
    std::map<const ast::Expr*, Value> seen_;  // what expressions were, for learn()
    std::function<std::optional<Value>(const ast::Expr&)> ask_first_;
    bool ends_ = false;       // every way has returned
    bool is_broken_ = false;  // something in it could not be parsed, which was said
};

}  // namespace nyx::device

// What every node and part of a tree holds, in one list, for what is done alike to all of them: copies, comparisons.
//
// members(x) is a tuple of references, without `kind` and `span` of a node, which all nodes have. An expression without
// its line here does not compile where it is visited, a statement is never copied; a member that is missing here is
// lost by copies, which the tests of the editing parser see.
#pragma once

#include <tuple>
#include <type_traits>

#include "compiler/syntax/ast_device.h"

namespace nyx::ast {

template <class T>
struct MembersOf {};

// clang-format off
#define NYX_MEMBERS(type, ...)                                                      \
    template <>                                                                     \
    struct MembersOf<type> {                                                        \
        template <class N>                                                          \
        static auto tie([[maybe_unused]] N& n) { return std::tie(__VA_ARGS__); }    \
    };

// Parts
NYX_MEMBERS(Ident, n.text, n.span)
NYX_MEMBERS(TypeRef, n.name, n.parameters, n.result, n.arguments, n.nullable, n.span)
NYX_MEMBERS(Parameter, n.name, n.type, n.default_value, n.doc)
NYX_MEMBERS(FnBody, n.parameters, n.result, n.body, n.has_body)
NYX_MEMBERS(Argument, n.name, n.value)
NYX_MEMBERS(MapEntry, n.key, n.value)
NYX_MEMBERS(SwitchCase, n.values, n.body, n.span)
NYX_MEMBERS(MatchArm, n.patterns, n.guard, n.body, n.span)
NYX_MEMBERS(Annotation, n.name, n.arguments, n.span)
NYX_MEMBERS(FieldDecl, n.name, n.type, n.value, n.doc, n.annotations)

// Expressions
NYX_MEMBERS(NullLiteral)
NYX_MEMBERS(BoolLiteral, n.value)
NYX_MEMBERS(IntLiteral, n.value)
NYX_MEMBERS(FloatLiteral, n.value)
NYX_MEMBERS(Quantity, n.number, n.unit)
NYX_MEMBERS(StringLiteral, n.value)
NYX_MEMBERS(InterpolatedString, n.literals, n.values, n.formats)
NYX_MEMBERS(NameExpr, n.name)
NYX_MEMBERS(SuperExpr)
NYX_MEMBERS(ArrayExpr, n.elements)
NYX_MEMBERS(TupleExpr, n.elements)
NYX_MEMBERS(MapExpr, n.entries)
NYX_MEMBERS(Comprehension, n.element, n.names, n.iterable, n.condition)
NYX_MEMBERS(UnaryExpr, n.op, n.operand)
NYX_MEMBERS(BinaryExpr, n.op, n.op_span, n.left, n.right)
NYX_MEMBERS(CallExpr, n.callee, n.arguments)
NYX_MEMBERS(IndexExpr, n.object, n.index)
NYX_MEMBERS(SliceExpr, n.object, n.begin, n.end)
NYX_MEMBERS(MemberExpr, n.object, n.member, n.optional)
NYX_MEMBERS(StepExpr, n.target, n.increment)
NYX_MEMBERS(FnExpr, n.fn)
NYX_MEMBERS(ErrorExpr)

// Statements
NYX_MEMBERS(ExprStmt, n.expr)
NYX_MEMBERS(LetStmt, n.binding, n.names, n.type, n.value)
NYX_MEMBERS(AssignStmt, n.target, n.op, n.value)
NYX_MEMBERS(BlockStmt, n.body)
NYX_MEMBERS(IfStmt, n.condition, n.then_body, n.else_body)
NYX_MEMBERS(WhileStmt, n.condition, n.body)
NYX_MEMBERS(ForStmt, n.init, n.condition, n.step, n.body)
NYX_MEMBERS(ForInStmt, n.names, n.iterable, n.body)
NYX_MEMBERS(SwitchStmt, n.subject, n.cases)
NYX_MEMBERS(MatchStmt, n.subject, n.arms)
NYX_MEMBERS(BreakStmt)
NYX_MEMBERS(ContinueStmt)
NYX_MEMBERS(ReturnStmt, n.value)
NYX_MEMBERS(TryStmt, n.body, n.has_catch, n.catch_name, n.catch_body, n.finally_body)
NYX_MEMBERS(ThrowStmt, n.value)
NYX_MEMBERS(AssertStmt, n.condition, n.message)
NYX_MEMBERS(PassStmt)
NYX_MEMBERS(FnDecl, n.name, n.fn, n.doc)
NYX_MEMBERS(ClassDecl, n.name, n.base, n.fields, n.methods, n.doc)
NYX_MEMBERS(ModuleDecl, n.name, n.body, n.doc)
NYX_MEMBERS(ImportStmt, n.path, n.names, n.alias)
NYX_MEMBERS(TypeAliasStmt, n.name, n.type)
NYX_MEMBERS(MachineDecl, n.is_host, n.name, n.base, n.doc, n.body)
NYX_MEMBERS(SchemaDecl, n.name, n.base, n.doc, n.fields, n.annotations)
NYX_MEMBERS(DeviceStmt, n.type, n.name, n.doc, n.body)
NYX_MEMBERS(RequireStmt, n.condition, n.message)
NYX_MEMBERS(OnStmt, n.event, n.arguments, n.parameters, n.body)
NYX_MEMBERS(TestStmt, n.title, n.body)
NYX_MEMBERS(EmitStmt, n.call)
NYX_MEMBERS(ErrorStmt)
#undef NYX_MEMBERS
// clang-format on

template <class T>
auto members(T& value) {
    return MembersOf<std::remove_const_t<T>>::tie(value);
}

// Has a line above.
template <class T>
concept HasMembers = requires(T& value) { MembersOf<std::remove_const_t<T>>::tie(value); };

}  // namespace nyx::ast

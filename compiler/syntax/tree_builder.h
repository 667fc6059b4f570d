// The parser generator's tree of one statement to our nodes.
//
// Total: a part that the parser could not make sense of is missing from its tree and becomes an ErrorExpr or ErrorStmt
// here. Recursion follows brackets, which are limited before parsing; chains of operators, calls and `else if` are
// loops, and what would become a tree deeper than ast::kMaxDepth is reported and replaced.
#pragma once

#include <NyxParser.h>

#include <string>
#include <string_view>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"
#include "compiler/syntax/ast_device.h"
#include "compiler/syntax/earlier_parse.h"
#include "compiler/syntax/operators.h"

namespace nyx::syntax {

// Removes a doc string from the front of body and returns it without its indentation.
std::string take_doc(ast::StmtList& body, std::string_view text);

class TreeBuilder {
  public:
    // Both views outlive the builder.
    TreeBuilder(std::string_view text, std::uint32_t file, const KnownStatements& known, diagnostics::Sink& sink)
        : text_(text), file_(file), known_(known), sink_(sink) {}

    ast::StmtPtr statement(grammar::NyxParser::StatementContext* ctx);

  private:
    using P = grammar::NyxParser;
    using Context = antlr4::ParserRuleContext;

    // tree_builder.cc
    ast::StmtPtr statement_kind(P::StatementContext* ctx);
    ast::StmtPtr wrong_statement(P::StatementContext* ctx);
    ast::StmtPtr known_statement(antlr4::tree::TerminalNode* node) const;
    ast::StmtList block(P::BlockContext* ctx);
    ast::StmtList statements(const std::vector<P::StatementContext*>& list);

    // statement_builder.cc
    ast::StmtPtr let(P::LetStatementContext* ctx);
    ast::StmtPtr expression_statement(P::ExpressionStatementContext* ctx);
    ast::StmtPtr assignment(Context* place, ast::ExprPtr target, antlr4::tree::TerminalNode* compound,
                            ast::ExprPtr value);
    // may_unpack: a tuple of places is one as well.
    void check_target(const ast::Expr& target, bool may_unpack);
    ast::StmtPtr jump(P::JumpStatementContext* ctx);
    ast::StmtPtr assert_statement(P::AssertStatementContext* ctx);

    // control_builder.cc
    ast::StmtPtr if_statement(P::IfStatementContext* ctx);
    ast::StmtPtr while_statement(P::WhileStatementContext* ctx);
    ast::StmtPtr for_statement(P::ForStatementContext* ctx);
    ast::StmtPtr for_in(P::ForStatementContext* ctx);
    ast::StmtPtr step(P::StepContext* ctx);
    ast::StmtPtr switch_statement(P::SwitchStatementContext* ctx);
    ast::StmtPtr try_statement(P::TryStatementContext* ctx);

    // match_builder.cc
    ast::StmtPtr match_statement(P::MatchStatementContext* ctx);
    ast::MatchArm match_arm(P::MatchArmContext* ctx);
    ast::StmtPtr arm_statement(P::ArmBodyContext* ctx);

    // declaration_builder.cc
    ast::StmtPtr import_statement(P::ImportStatementContext* ctx);
    ast::StmtPtr type_alias(P::TypeAliasContext* ctx);
    std::unique_ptr<ast::FnDecl> function(P::FnDeclarationContext* ctx);
    ast::StmtPtr class_declaration(P::ClassDeclarationContext* ctx);
    ast::StmtPtr module(P::ModuleDeclarationContext* ctx);
    ast::StmtPtr machine(P::MachineDeclarationContext* ctx);
    static ast::StmtPtr host(ast::DeviceStmt device);
    ast::StmtPtr schema(P::SchemaDeclarationContext* ctx);
    ast::StmtPtr device(P::DeviceStatementContext* ctx);
    ast::StmtPtr require(P::RequireStatementContext* ctx);
    ast::StmtPtr on(P::OnStatementContext* ctx);
    ast::StmtPtr test(P::TestStatementContext* ctx);
    ast::StmtPtr recover(P::RecoverStatementContext* ctx);
    ast::FieldDecl field(P::FieldContext* ctx);
    ast::FieldDecl schema_field(P::SchemaFieldContext* ctx);
    std::vector<ast::Annotation> annotations(const std::vector<P::AnnotationContext*>& list);
    ast::FnBody fn_body(P::ParametersContext* parameters, P::TypeContext* result, P::BlockContext* body);
    std::vector<ast::Parameter> parameters(P::ParametersContext* ctx);
    ast::TypeRef type(P::TypeContext* ctx);
    ast::TypeRef plain_type(P::PlainTypeContext* ctx);
    std::optional<ast::TypeRef> optional_type(P::TypeContext* ctx);

    // device_builder.cc
    ast::StmtPtr device_declaration(P::DeviceDeclarationContext* ctx);
    ast::ItemList device_items(P::DeviceBodyContext* ctx, std::string& doc);
    ast::ItemPtr device_item(P::DeviceItemContext* ctx);
    ast::ItemPtr host_item(P::HostItemContext* ctx);
    ast::ItemPtr state_item(P::StateItemContext* ctx);
    void state_members(ast::StateItem& into, P::StateBodyContext* ctx, const ast::Expr* since);
    ast::ItemPtr derive_item(P::DeriveItemContext* ctx);
    ast::ItemPtr when_item(P::WhenItemContext* ctx);
    ast::ItemPtr phase_item(P::PhaseItemContext* ctx);
    ast::ItemPtr on_item(P::OnStatementContext* ctx);
    ast::ItemPtr migrate_item(P::MigrateItemContext* ctx);
    ast::ItemPtr enum_item(P::EnumItemContext* ctx);
    ast::StmtPtr emit(P::EmitStatementContext* ctx);

    // register_builder.cc
    ast::ItemPtr bank_item(P::BankItemContext* ctx);
    ast::ItemPtr reg_item(P::RegItemContext* ctx);
    void reg_part(ast::RegItem& into, P::RegPartContext* ctx);
    void reg_members(ast::RegItem& into, P::RegBodyContext* ctx);
    ast::KindRef kind(P::RegKindContext* ctx);
    ast::ItemPtr index_item(P::IndexItemContext* ctx);

    // expression_builder.cc
    ast::ExprPtr expression(P::ExpressionContext* ctx);
    ast::ExprPtr expression_list(P::ExpressionListContext* ctx);
    ast::ExprList expressions(const std::vector<P::ExpressionContext*>& list);
    Item binary_item(P::BinaryOperatorContext* ctx);
    ast::ExprPtr operand(P::UnaryContext* ctx);
    ast::ExprPtr suffix(P::SuffixContext* ctx, ast::ExprPtr object);
    ast::ExprPtr subscript(P::SubscriptContext* ctx, ast::ExprPtr object);
    std::vector<ast::Argument> arguments(P::ArgumentsContext* ctx);
    ast::ExprPtr error_expr(Context* near);

    // primary_builder.cc
    ast::ExprPtr primary(P::PrimaryContext* ctx);
    ast::ExprPtr number(P::PrimaryContext* ctx);
    ast::ExprPtr integer(antlr4::tree::TerminalNode* node);
    ast::ExprPtr string(antlr4::tree::TerminalNode* node, std::uint32_t quote);
    ast::ExprPtr template_string(P::TemplateStringContext* ctx);
    ast::ExprPtr tuple(P::TupleContext* ctx);
    ast::ExprPtr array(P::ArrayContext* ctx);
    ast::ExprPtr map(P::MapContext* ctx);

    // Small parts.
    ast::Ident ident(P::NameContext* ctx);
    ast::Ident ident(antlr4::tree::TerminalNode* node);
    ast::Ident ident(P::DottedNameContext* ctx);
    std::vector<ast::Ident> idents(const std::vector<P::NameContext*>& list);
    Span span(Context* ctx) const;
    Span span(antlr4::tree::TerminalNode* node) const;
    std::string_view text(Span span) const { return text_.substr(span.begin, span.end - span.begin); }
    std::string doc_of(antlr4::tree::TerminalNode* node);

    // Counts levels of the tree on the way down.
    struct Deeper {
        Deeper(TreeBuilder& owner, int count) : builder(owner), levels(count) { builder.depth_ += levels; }
        ~Deeper() { builder.depth_ -= levels; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;
        TreeBuilder& builder;
        int levels;
    };
    bool too_deep(int levels, Span place);

    std::string_view text_;
    std::uint32_t file_;
    const KnownStatements& known_;
    diagnostics::Sink& sink_;
    int depth_ = 0;
    bool said_too_deep_ = false;  // once for each statement at the top
};

}  // namespace nyx::syntax

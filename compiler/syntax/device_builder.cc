// Device declarations.
#include <NyxParser.h>

#include "compiler/syntax/ast_device.h"
#include "compiler/syntax/tree_builder.h"

namespace nyx::syntax {

ast::StmtPtr TreeBuilder::device_declaration(P::DeviceDeclarationContext* ctx) {
    auto node = std::make_unique<ast::DeviceDecl>(span(ctx));
    node->name = ident(ctx->name());
    node->parameters = parameters(ctx->parameters());
    if (ctx->dottedName()) node->base = ident(ctx->dottedName());
    for (auto* option : ctx->deviceOption()) {
        if (option->IDENTIFIER())
            node->options.push_back({ident(option->IDENTIFIER()), expression(option->expression())});
    }
    node->items = device_items(ctx->deviceBody(), node->doc);
    return node;
}

// A string documents what it stands behind: a register, or what holds them all.
ast::ItemList TreeBuilder::device_items(P::DeviceBodyContext* ctx, std::string& doc) {
    ast::ItemList items;
    if (!ctx) return items;
    for (auto* one : ctx->deviceItem()) {
        if (one->TRIPLE_STRING()) {
            const bool of_register = !items.empty() && items.back()->kind == ast::ItemKind::kReg;
            (of_register ? static_cast<ast::RegItem&>(*items.back()).doc : doc) = doc_of(one->TRIPLE_STRING());
            continue;
        }
        if (one->exception || too_deep(1, span(one))) continue;
        Deeper deeper(*this, 1);
        ast::ItemPtr item = device_item(one);
        if (!item) continue;
        if (one->OVERRIDE()) item->override_word = span(one->OVERRIDE());
        items.push_back(std::move(item));
    }
    return items;
}

ast::ItemPtr TreeBuilder::device_item(P::DeviceItemContext* ctx) {
    if (auto* c = ctx->regItem()) return reg_item(c);
    if (auto* c = ctx->bankItem()) return bank_item(c);
    if (auto* c = ctx->whenItem()) return when_item(c);
    if (auto* c = ctx->hostItem()) return host_item(c);
    if (auto* c = ctx->stateItem()) return state_item(c);
    if (auto* c = ctx->deriveItem()) return derive_item(c);
    if (auto* c = ctx->indexItem()) return index_item(c);
    if (auto* c = ctx->phaseItem()) return phase_item(c);
    if (auto* c = ctx->enumItem()) return enum_item(c);
    if (auto* c = ctx->onStatement()) return on_item(c);
    if (auto* c = ctx->timerItem()) {
        auto node = std::make_unique<ast::TimerItem>(span(c));
        node->name = ident(c->name());
        if (c->arguments()) node->arguments = arguments(c->arguments());
        return node;
    }
    if (auto* c = ctx->invariantItem()) {
        auto node = std::make_unique<ast::InvariantItem>(span(c));
        node->condition = expression(c->expression());
        return node;
    }
    if (auto* c = ctx->migrateItem()) return migrate_item(c);
    if (auto* c = ctx->acpiItem()) {
        auto node = std::make_unique<ast::AcpiItem>(span(c));
        node->body = block(c->block());
        return node;
    }
    if (auto* c = ctx->fnDeclaration()) {
        auto node = std::make_unique<ast::FnItem>(span(c));
        node->function = function(c);
        return node;
    }
    auto* c = ctx->testStatement();
    if (!c) return nullptr;
    auto node = std::make_unique<ast::TestItem>(span(c));
    ast::StmtPtr made = test(c);
    if (!made) return nullptr;
    node->test.reset(static_cast<ast::TestStmt*>(made.release()));
    return node;
}

ast::ItemPtr TreeBuilder::host_item(P::HostItemContext* ctx) {
    auto node = std::make_unique<ast::HostItem>(span(ctx));
    for (auto* one : ctx->hostPort()) {
        ast::HostPort port{ident(one->name()), type(one->type()), nullptr};
        if (one->expression()) port.when = expression(one->expression());
        if (!port.name.text.empty()) node->ports.push_back(std::move(port));
    }
    return node;
}

ast::ItemPtr TreeBuilder::state_item(P::StateItemContext* ctx) {
    auto node = std::make_unique<ast::StateItem>(span(ctx));
    state_members(*node, ctx->stateBody(), nullptr);
    return node;
}

void TreeBuilder::state_members(ast::StateItem& into, P::StateBodyContext* ctx, const ast::Expr* since) {
    if (!ctx) return;
    for (auto* member : ctx->stateMember()) {
        if (auto* one = member->field()) {
            ast::FieldDecl field_declared = field(one);
            if (!field_declared.name.text.empty()) into.variables.push_back({std::move(field_declared), since});
        } else if (member->TRIPLE_STRING()) {
            if (!into.variables.empty()) into.variables.back().field.doc = doc_of(member->TRIPLE_STRING());
        } else if (member->stateBody() && !too_deep(1, span(member))) {
            Deeper deeper(*this, 1);
            into.versions.push_back(expression(member->expression()));
            state_members(into, member->stateBody(), into.versions.back().get());
        }
    }
}

ast::ItemPtr TreeBuilder::derive_item(P::DeriveItemContext* ctx) {
    auto node = std::make_unique<ast::DeriveItem>(span(ctx));
    node->name = ident(ctx->name());
    node->type = optional_type(ctx->type());
    node->value = ctx->expression() ? expression(ctx->expression()) : error_expr(ctx);
    if (node->name.text.empty()) return nullptr;
    return node;
}

ast::ItemPtr TreeBuilder::when_item(P::WhenItemContext* ctx) {
    auto node = std::make_unique<ast::WhenItem>(span(ctx));
    node->condition = ctx->expression() ? expression(ctx->expression()) : error_expr(ctx);
    std::string unused;
    auto bodies = ctx->deviceBody();
    if (!bodies.empty()) node->then_items = device_items(bodies[0], unused);
    if (bodies.size() > 1) node->else_items = device_items(bodies[1], unused);
    return node;
}

ast::ItemPtr TreeBuilder::phase_item(P::PhaseItemContext* ctx) {
    auto node = std::make_unique<ast::PhaseItem>(span(ctx));
    auto names = ctx->name();
    if (names.empty() || (names.size() == 2) != (ctx->expression() != nullptr)) return nullptr;
    node->name = ident(names[0]);
    if (names.size() == 2) {
        node->after = expression(ctx->expression());
        const ast::Ident after = ident(names[1]);
        if (after.text != "after")
            sink_.report(diagnostics::Code::kSyntax, after.span, "a phase reads `phase name after condition { … }`");
    }
    std::string unused;
    node->items = device_items(ctx->deviceBody(), unused);
    return node;
}

ast::ItemPtr TreeBuilder::on_item(P::OnStatementContext* ctx) {
    auto node = std::make_unique<ast::OnItem>(span(ctx));
    ast::StmtPtr made = on(ctx);
    if (!made) return nullptr;
    node->handler.reset(static_cast<ast::OnStmt*>(made.release()));
    return node;
}

ast::ItemPtr TreeBuilder::migrate_item(P::MigrateItemContext* ctx) {
    auto node = std::make_unique<ast::MigrateItem>(span(ctx));
    auto versions = ctx->INTEGER();
    if (versions.size() < 2) return nullptr;
    node->from = integer(versions[0]);
    node->to = integer(versions[1]);
    if (ctx->name()) node->old = ident(ctx->name());
    node->body = block(ctx->block());
    return node;
}

ast::ItemPtr TreeBuilder::enum_item(P::EnumItemContext* ctx) {
    auto node = std::make_unique<ast::EnumItem>(span(ctx));
    node->name = ident(ctx->name());
    node->type = optional_type(ctx->type());
    for (auto* one : ctx->enumValue()) {
        if (!one->name()) {
            if (one->TRIPLE_STRING() && !node->values.empty()) node->values.back().doc = doc_of(one->TRIPLE_STRING());
            continue;
        }
        ast::FieldDecl value;
        value.name = ident(one->name());
        value.value = one->expression() ? expression(one->expression()) : error_expr(one);
        if (one->TRIPLE_STRING()) value.doc = doc_of(one->TRIPLE_STRING());
        if (!value.name.text.empty()) node->values.push_back(std::move(value));
    }
    return node;
}

ast::StmtPtr TreeBuilder::emit(P::EmitStatementContext* ctx) {
    auto node = std::make_unique<ast::EmitStmt>(span(ctx));
    node->call = ctx->expression() ? expression(ctx->expression()) : error_expr(ctx);
    return node;
}

}  // namespace nyx::syntax

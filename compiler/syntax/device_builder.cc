// Device declarations.
#include <NyxParser.h>

#include "compiler/syntax/ast_device.h"
#include "compiler/syntax/literals.h"
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

ast::ItemPtr TreeBuilder::bank_item(P::BankItemContext* ctx) {
    auto node = std::make_unique<ast::BankItem>(span(ctx));
    auto names = ctx->name();
    if (names.size() < 2 || !ctx->expression()) return nullptr;
    node->name = ident(names[0]);
    node->space = ident(names[1]);
    node->at = expression(ctx->expression());
    for (auto* option : ctx->bankOption()) {
        if (option->IDENTIFIER()) {
            node->options.push_back({ident(option->IDENTIFIER()), {}});
            node->options.back().values.push_back(expression(option->expression()));
        } else if (option->INTEGER() && !node->options.empty()) {
            node->options.back().values.push_back(integer(option->INTEGER()));
        }
    }
    node->items = device_items(ctx->deviceBody(), node->doc);
    return node;
}

ast::ItemPtr TreeBuilder::reg_item(P::RegItemContext* ctx) {
    auto node = std::make_unique<ast::RegItem>(span(ctx));
    node->name = ident(ctx->name());
    auto parts = ctx->expression();
    if (node->name.text.empty() || parts.empty()) return nullptr;
    if (ctx->LBRACKET() && parts.size() > 1) node->count = expression(parts[0]);
    node->offset = expression(parts.back());
    for (auto* part : ctx->regPart()) reg_part(*node, part);
    if (ctx->regBody()) reg_members(*node, ctx->regBody());
    return node;
}

void TreeBuilder::reg_part(ast::RegItem& into, P::RegPartContext* ctx) {
    const auto once = [&](bool is_first) {
        if (!is_first) sink_.report(diagnostics::Code::kSyntax, span(ctx), "this is said of the register already");
    };
    if (ctx->COLON()) {
        once(!into.type);
        into.type = optional_type(ctx->type());
    } else if (ctx->ASSIGN()) {
        once(!into.value);
        into.value = expression(ctx->expression());
    } else if (ctx->STRIDE()) {
        once(!into.stride);
        into.stride = expression(ctx->expression());
    } else if (ctx->RESET()) {
        once(!into.reset);
        into.reset = expression(ctx->expression());
    } else if (ctx->AT() && !ctx->name().empty()) {
        once(!into.promise);
        into.promise = ident(ctx->name(1) ? ctx->name(1) : ctx->name(0));
        if (ctx->MINUS() && ctx->name(2)) into.promise->text += "-" + ident(ctx->name(2)).text;
        if (ident(ctx->name(0)).text != "expect")
            sink_.report(diagnostics::Code::kSyntax, span(ctx), "what is promised of a register is `@expect(class)`");
    } else if (ctx->regKind()) {
        once(!into.kind);
        into.kind = kind(ctx->regKind());
    } else if (ctx->TRIPLE_STRING()) {
        into.doc = doc_of(ctx->TRIPLE_STRING());
    }
}

void TreeBuilder::reg_members(ast::RegItem& into, P::RegBodyContext* ctx) {
    for (auto* member : ctx->regMember()) {
        if (auto* one = member->regField()) {
            ast::RegField made;
            made.name = ident(one->name());
            auto parts = one->expression();
            made.bits = parts.empty() ? error_expr(one) : expression(parts[0]);
            if (one->regKind()) made.kind = kind(one->regKind());
            if (parts.size() > 1) made.value = expression(parts[1]);
            if (one->TRIPLE_STRING()) made.doc = doc_of(one->TRIPLE_STRING());
            if (!made.name.text.empty()) into.fields.push_back(std::move(made));
        } else if (auto* handler = member->onStatement()) {
            ast::StmtPtr made = on(handler);
            if (made) into.handlers.emplace_back(static_cast<ast::OnStmt*>(made.release()));
        } else if (member->TRIPLE_STRING()) {
            (into.fields.empty() ? into.doc : into.fields.back().doc) = doc_of(member->TRIPLE_STRING());
        }
    }
}

ast::KindRef TreeBuilder::kind(P::RegKindContext* ctx) {
    ast::KindRef made;
    auto words = ctx->IDENTIFIER();
    if (ctx->CONST()) made.name = ident(ctx->CONST());
    if (!ctx->CONST() && !words.empty()) made.name = ident(words[0]);
    const std::size_t argument = ctx->CONST() ? 0 : 1;
    if (ctx->LPAREN() && words.size() > argument) made.argument = ident(words[argument]);
    return made;
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

ast::ItemPtr TreeBuilder::index_item(P::IndexItemContext* ctx) {
    auto node = std::make_unique<ast::IndexItem>(span(ctx));
    auto names = ctx->name();
    auto parts = ctx->expression();
    if (names.size() < 3 || parts.size() < 3) return nullptr;
    node->name = ident(names[0]);
    node->data = ident(names[1]);
    node->offset = expression(parts[0]);
    node->data_offset = expression(parts[1]);
    node->array = expression(parts[2]);
    const ast::Ident of = ident(names[2]);
    if (of.text != "of")
        sink_.report(diagnostics::Code::kSyntax, of.span,
                     "an index and data pair reads `index name @0, data @1 of array`");
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

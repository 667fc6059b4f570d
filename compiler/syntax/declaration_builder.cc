#include <NyxParser.h>

#include "compiler/syntax/literals.h"
#include "compiler/syntax/tree_builder.h"

namespace nyx::syntax {

ast::StmtPtr TreeBuilder::import_statement(P::ImportStatementContext* ctx) {
    auto* path = ctx->importPath();
    if (!path || ctx->exception) return nullptr;
    auto node = std::make_unique<ast::ImportStmt>(span(ctx));
    node->path.span = span(path);
    if (path->STRING()) {
        Span place = span(path->STRING());
        node->path.text = unescape(text({file_, place.begin + 1, place.end - 1}), nullptr);
    }
    for (auto* part : path->name()) node->path.text += (node->path.text.empty() ? "" : ".") + ident(part).text;
    if (ctx->FROM()) node->names = idents(ctx->name());
    if (ctx->AS() && !ctx->name().empty()) node->alias = ident(ctx->name(0));
    return node;
}

ast::StmtPtr TreeBuilder::type_alias(P::TypeAliasContext* ctx) {
    auto node = std::make_unique<ast::TypeAliasStmt>(span(ctx));
    node->name = ident(ctx->name());
    node->type = type(ctx->type());
    return node;
}

// ---- Functions and types

std::vector<ast::Parameter> TreeBuilder::parameters(P::ParametersContext* ctx) {
    std::vector<ast::Parameter> out;
    if (!ctx) return out;
    for (auto* item : ctx->parameter()) {
        ast::Parameter parameter;
        parameter.name = ident(item->name());
        parameter.type = optional_type(item->type());
        if (item->expression()) parameter.default_value = expression(item->expression());
        if (item->TRIPLE_STRING()) parameter.doc = doc_of(item->TRIPLE_STRING());
        if (!parameter.name.text.empty()) out.push_back(std::move(parameter));
    }
    return out;
}

ast::FnBody TreeBuilder::fn_body(P::ParametersContext* parameter_list, P::TypeContext* result, P::BlockContext* body) {
    ast::FnBody out;
    out.parameters = parameters(parameter_list);
    out.result = optional_type(result);
    out.body = block(body);
    // Where the parameters are not ones, more than the body is missing, and that was said.
    out.has_body = body != nullptr || !parameter_list || parameter_list->exception;
    return out;
}

std::unique_ptr<ast::FnDecl> TreeBuilder::function(P::FnDeclarationContext* ctx) {
    auto node = std::make_unique<ast::FnDecl>(span(ctx));
    node->name = ident(ctx->name());
    node->fn = fn_body(ctx->parameters(), ctx->type(), ctx->block());
    node->doc = take_doc(node->fn.body, text_);
    return node;
}

std::optional<ast::TypeRef> TreeBuilder::optional_type(P::TypeContext* ctx) {
    return ctx ? std::optional(type(ctx)) : std::nullopt;
}

ast::TypeRef TreeBuilder::type(P::TypeContext* ctx) {
    ast::TypeRef out;
    if (!ctx) return out;
    auto heads = ctx->fnHead();
    out.span = span(ctx);
    if (heads.size() > ast::kMaxDepth || too_deep(static_cast<int>(heads.size()) + 1, out.span)) {
        too_deep(ast::kMaxDepth + 1, out.span);
        return out;
    }
    Deeper deeper(*this, static_cast<int>(heads.size()) + 1);
    bool result = ctx->plainType() != nullptr;
    if (result) out = plain_type(ctx->plainType());
    out.nullable = ctx->QUESTION() != nullptr;
    for (std::size_t i = heads.size(); i-- > 0;) {
        ast::TypeRef function;
        function.name = "fn";
        function.span = join(span(heads[i]), span(ctx));
        for (auto* parameter : heads[i]->type()) function.parameters.push_back(type(parameter));
        if (result) {
            function.result = std::make_unique<ast::TypeRef>(std::move(out));
        } else {
            function.nullable = out.nullable;  // `fn(int)?`, for want of a result that the `?` could belong to
        }
        result = true;
        out = std::move(function);
    }
    out.span = span(ctx);
    return out;
}

ast::TypeRef TreeBuilder::plain_type(P::PlainTypeContext* ctx) {
    ast::TypeRef out;
    out.span = span(ctx);
    out.name = ctx->LBRACKET() ? "array" : ctx->NULL_() ? "null" : "";
    if (ctx->dottedName()) out.name = ident(ctx->dottedName()).text;
    if (ctx->type()) out.parameters.push_back(type(ctx->type()));
    if (ctx->SEMICOLON() && ctx->expression()) out.arguments.push_back(expression(ctx->expression()));
    for (auto* parameter : ctx->typeParameter()) {
        if (parameter->type()) out.parameters.push_back(type(parameter->type()));
        if (!parameter->INTEGER()) continue;
        ast::TypeRef number;  // `fifo<u8, 16>`
        number.span = span(parameter);
        number.name = text(number.span);
        out.parameters.push_back(std::move(number));
    }
    if (ctx->typeArguments()) out.arguments = expressions(ctx->typeArguments()->expression());
    return out;
}

// ---- Classes, modules, schemas

ast::FieldDecl TreeBuilder::field(P::FieldContext* ctx) {
    ast::FieldDecl out;
    out.name = ident(ctx->name());
    out.type = optional_type(ctx->type());
    if (ctx->expression()) out.value = expression(ctx->expression());
    if (ctx->TRIPLE_STRING()) out.doc = doc_of(ctx->TRIPLE_STRING());
    return out;
}

ast::FieldDecl TreeBuilder::schema_field(P::SchemaFieldContext* ctx) {
    ast::FieldDecl out;
    out.name = ident(ctx->name());
    out.type = optional_type(ctx->type());
    if (ctx->expression()) out.value = expression(ctx->expression());
    if (ctx->TRIPLE_STRING()) out.doc = doc_of(ctx->TRIPLE_STRING());
    out.annotations = annotations(ctx->annotation());
    return out;
}

std::vector<ast::Annotation> TreeBuilder::annotations(const std::vector<P::AnnotationContext*>& list) {
    std::vector<ast::Annotation> out;
    for (auto* ctx : list) {
        ast::Annotation one{ident(ctx->name()), {}, span(ctx)};
        if (ctx->arguments()) one.arguments = arguments(ctx->arguments());
        out.push_back(std::move(one));
    }
    return out;
}

ast::StmtPtr TreeBuilder::class_declaration(P::ClassDeclarationContext* ctx) {
    auto node = std::make_unique<ast::ClassDecl>(span(ctx));
    node->name = ident(ctx->name());
    if (ctx->dottedName()) node->base = ident(ctx->dottedName());
    for (auto* member : ctx->classMember()) {
        if (auto* one = member->field()) {
            ast::FieldDecl declared = field(one);
            if (!declared.name.text.empty()) node->fields.push_back(std::move(declared));
        }
        if (auto* method = member->fnDeclaration()) node->methods.push_back(function(method));
        if (!member->TRIPLE_STRING()) continue;
        bool leads = node->fields.empty() && node->methods.empty();
        std::string& doc = leads                  ? node->doc
                           : node->fields.empty() ? node->methods.back()->doc
                                                  : node->fields.back().doc;
        doc = doc_of(member->TRIPLE_STRING());
    }
    return node;
}

ast::StmtPtr TreeBuilder::module(P::ModuleDeclarationContext* ctx) {
    auto node = std::make_unique<ast::ModuleDecl>(span(ctx));
    node->name = ident(ctx->name());
    node->body = block(ctx->block());
    node->doc = take_doc(node->body, text_);
    return node;
}

ast::StmtPtr TreeBuilder::schema(P::SchemaDeclarationContext* ctx) {
    auto node = std::make_unique<ast::SchemaDecl>(span(ctx));
    node->name = ident(ctx->name());
    if (ctx->dottedName()) node->base = ident(ctx->dottedName());
    node->annotations = annotations(ctx->annotation());
    for (auto* item : ctx->schemaItem()) {
        if (auto* one = item->schemaField()) {
            ast::FieldDecl declared = schema_field(one);
            if (!declared.name.text.empty()) node->fields.push_back(std::move(declared));
        } else if (item->TRIPLE_STRING()) {
            // On a line of its own it documents the field above, or the schema where there is none.
            (node->fields.empty() ? node->doc : node->fields.back().doc) = doc_of(item->TRIPLE_STRING());
        }
    }
    return node;
}

// ---- Machines

ast::StmtPtr TreeBuilder::machine(P::MachineDeclarationContext* ctx) {
    auto node = std::make_unique<ast::MachineDecl>(span(ctx));
    node->name = ident(ctx->name());
    if (ctx->dottedName()) node->base = ident(ctx->dottedName());
    node->body = block(ctx->block());
    node->doc = take_doc(node->body, text_);
    return node;
}

// `serial com1 { … }`, `tpm { … }`, `device gpio(base = 1)`, `gpio pins(base = 1) { … }`.
ast::StmtPtr TreeBuilder::device(P::DeviceStatementContext* ctx) {
    auto node = std::make_unique<ast::DeviceStmt>(span(ctx));
    auto words = ctx->IDENTIFIER();
    if (ctx->DEVICE() && ctx->name()) node->type = ident(ctx->name());
    if (!words.empty()) node->type = ident(words[0]);
    if (words.size() > 1) node->name = ident(words[1]);
    if (node->type.text.empty()) return nullptr;
    if (auto* list = ctx->arguments()) {
        for (ast::Argument& argument : arguments(list)) {
            if (!argument.name) {
                sink_.report(diagnostics::Code::kSyntax, argument.value->span, "the values of a device need names")
                    .help("write `name = value`, as in `device gpio(base = 0x3fc)`");
                continue;
            }
            auto target = std::make_unique<ast::NameExpr>(argument.name->span);
            target->name = argument.name->text;
            auto assign = std::make_unique<ast::AssignStmt>(join(argument.name->span, argument.value->span));
            assign->target = std::move(target);
            assign->value = std::move(argument.value);
            node->body.push_back(std::move(assign));
        }
    }
    ast::StmtList body = block(ctx->block());
    node->doc = take_doc(body, text_);
    for (auto& statement : body) node->body.push_back(std::move(statement));
    return node->type.text == "host" ? host(std::move(*node)) : std::move(node);
}

// `host rack { memory = 64 GiB }` reads as a device does.
ast::StmtPtr TreeBuilder::host(ast::DeviceStmt device) {
    auto node = std::make_unique<ast::MachineDecl>(device.span);
    node->is_host = true;
    node->name = device.name ? *device.name : device.type;
    node->doc = std::move(device.doc);
    node->body = std::move(device.body);
    return node;
}

ast::StmtPtr TreeBuilder::require(P::RequireStatementContext* ctx) {
    auto node = std::make_unique<ast::RequireStmt>(span(ctx));
    auto parts = ctx->expression();
    node->condition = parts.empty() ? error_expr(ctx) : expression(parts[0]);
    if (parts.size() > 1) node->message = expression(parts[1]);
    return node;
}

ast::StmtPtr TreeBuilder::on(P::OnStatementContext* ctx) {
    auto node = std::make_unique<ast::OnStmt>(span(ctx));
    node->event = ident(ctx->name());
    if (ctx->arguments()) {
        for (ast::Argument& argument : arguments(ctx->arguments()))
            node->arguments.push_back(std::move(argument.value));
    }
    node->parameters = parameters(ctx->parameters());
    node->body = block(ctx->block());
    return node;
}

ast::StmtPtr TreeBuilder::test(P::TestStatementContext* ctx) {
    auto node = std::make_unique<ast::TestStmt>(span(ctx));
    if (ctx->STRING()) {
        Span place = span(ctx->STRING());
        node->title = unescape(text({file_, place.begin + 1, place.end - 1}), nullptr);
    }
    node->body = block(ctx->block());
    return node;
}

// `recover ignore` is the call recover(ignore).
ast::StmtPtr TreeBuilder::recover(P::RecoverStatementContext* ctx) {
    if (!ctx->RECOVER() || !ctx->name()) return nullptr;
    auto callee = std::make_unique<ast::NameExpr>(span(ctx->RECOVER()));
    callee->name = "recover";
    ast::Ident how = ident(ctx->name());
    auto value = std::make_unique<ast::NameExpr>(how.span);
    value->name = how.text;
    auto call = std::make_unique<ast::CallExpr>(span(ctx));
    call->callee = std::move(callee);
    call->arguments.push_back({std::nullopt, std::move(value)});
    auto node = std::make_unique<ast::ExprStmt>(span(ctx));
    node->expr = std::move(call);
    return node;
}

}  // namespace nyx::syntax

// The writer behind ast_json(): one fill() a kind of node, so that a kind in ast_kinds.def without one does not link.
// Private to this folder.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "compiler/syntax/ast_device.h"
#include "compiler/syntax/ast_json.h"

namespace nyx::syntax {

class AstWriter {
  public:
    using Json = nlohmann::ordered_json;

    AstWriter(const source::SourceMap& sources, Places places) : sources_(sources), places_(places) {}

    Json module(const ast::Module& module);
    Json start(const char* kind, Span span);
    Json node(const ast::Expr& expr);
    Json node(const ast::Stmt& stmt);
    Json type_json(const ast::TypeRef& type);
    Json parameters(const std::vector<ast::Parameter>& all);

    template <class Node>
    Json list(const std::vector<std::unique_ptr<Node>>& nodes) {
        Json all = Json::array();
        for (const auto& one : nodes) all.push_back(one ? node(*one) : Json());
        return all;
    }

    // What is empty is left out.
    void put(Json& json, const char* key, const std::string& text);
    void put(Json& json, const char* key, const ast::ExprPtr& expr);
    void put(Json& json, const char* key, const ast::StmtPtr& stmt);
    void put(Json& json, const char* key, const std::optional<ast::Ident>& name);
    void put(Json& json, const char* key, const std::optional<ast::TypeRef>& type);
    template <class T>
    void put(Json& json, const char* key, const std::vector<T>& all) {
        if (!all.empty()) json[key] = list(all);
    }

  private:
    Json list(const std::vector<ast::Ident>& names);
    Json list(const std::vector<ast::Annotation>& all);
    Json arguments(const std::vector<ast::Argument>& all);
    Json fields(const std::vector<ast::FieldDecl>& all);
    Json fn_json(const ast::FnBody& fn);

#define NYX_EXPR(name) void fill(Json& json, const ast::name& node);
#define NYX_STMT(name) void fill(Json& json, const ast::name& node);
#include "compiler/syntax/ast_kinds.def"

    const source::SourceMap& sources_;
    Places places_;
};

const char* text_of(ast::BinaryOp op);

}  // namespace nyx::syntax

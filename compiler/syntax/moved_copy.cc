#include "compiler/syntax/moved_copy.h"

#include "compiler/syntax/ast_members.h"

namespace nyx::syntax {

namespace {

class Copier {
  public:
    explicit Copier(std::int64_t by) : by_(by) {}

    template <class T>
    T copy(const T& from) const {
        if constexpr (ast::HasMembers<T>) {
            T to{};
            fill(to, from);
            return to;
        } else {
            return from;  // a number, a word
        }
    }
    Span copy(const Span& from) const {
        if (!from.known()) return from;
        return {from.file, static_cast<std::uint32_t>(from.begin + by_), static_cast<std::uint32_t>(from.end + by_)};
    }
    template <class T>
    std::vector<T> copy(const std::vector<T>& from) const {
        std::vector<T> to;
        to.reserve(from.size());
        for (const T& one : from) to.push_back(copy(one));
        return to;
    }
    template <class T>
    std::optional<T> copy(const std::optional<T>& from) const {
        return from ? std::optional<T>(copy(*from)) : std::nullopt;
    }
    template <class T>
    std::unique_ptr<T> copy(const std::unique_ptr<T>& from) const {
        if constexpr (std::is_base_of_v<ast::Stmt, T> && !std::is_same_v<ast::Stmt, T>) {
            return from ? node(*from) : nullptr;
        } else if constexpr (ast::HasMembers<T>) {
            return from ? std::make_unique<T>(copy(*from)) : nullptr;
        } else {
            return from ? any(*from) : nullptr;
        }
    }

    ast::ExprPtr any(const ast::Expr& expr) const {
        switch (expr.kind) {
#define NYX_EXPR(name)           \
    case ast::ExprKind::k##name: \
        return node(ast::as<ast::name>(expr));
#include "compiler/syntax/ast_kinds.def"
        }
        return nullptr;
    }
    ast::StmtPtr any(const ast::Stmt& stmt) const {
        switch (stmt.kind) {
#define NYX_STMT(name)           \
    case ast::StmtKind::k##name: \
        return node_or_null(ast::as<ast::name>(stmt));
#include "compiler/syntax/ast_kinds.def"
        }
        return nullptr;
    }

  private:
    template <class Node>
    ast::StmtPtr node_or_null(const Node& from) const {
        if constexpr (ast::HasMembers<Node>) return node(from);
        return nullptr;
    }
    template <class Node>
    std::unique_ptr<Node> node(const Node& from) const {
        auto to = std::make_unique<Node>(copy(from.span));
        fill(*to, from);
        return to;
    }
    template <class T>
    void fill(T& to, const T& from) const {
        std::apply(
            [&](auto&... target) {
                std::apply([&](const auto&... source) { ((target = copy(source)), ...); }, ast::members(from));
            },
            ast::members(to));
    }

    std::int64_t by_;
};

}  // namespace

bool can_move(const ast::Stmt& statement) {
    switch (statement.kind) {
#define NYX_STMT(name)           \
    case ast::StmtKind::k##name: \
        return ast::HasMembers<ast::name>;
#include "compiler/syntax/ast_kinds.def"
    }
    return false;
}

ast::StmtPtr moved_copy(const ast::Stmt& statement, std::int64_t by) {
    return Copier(by).any(statement);
}

}  // namespace nyx::syntax

// Device declarations for ast_json(). Private to this folder.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>

#include "compiler/syntax/ast_device.h"

namespace nyx::syntax {

// How ast_json() writes what is not a device's own.
struct JsonParts {
    using Json = nlohmann::ordered_json;
    std::function<Json(const char* kind, Span)> start;
    std::function<Json(const ast::Expr&)> expr;
    std::function<Json(const ast::Stmt&)> stmt;
    std::function<Json(const ast::TypeRef&)> type;
    std::function<Json(const std::vector<ast::Parameter>&)> parameters;
};

void fill_device(nlohmann::ordered_json& json, const ast::DeviceDecl& device, const JsonParts& parts);

}  // namespace nyx::syntax

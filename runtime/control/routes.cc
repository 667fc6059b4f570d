#include "runtime/control/routes.h"

namespace nyx::control {

using nlohmann::json;

static constexpr Route kRoutes[] = {
#define NYX_ROUTE(method, path, operation, summary) {method, path, summary, &Operations::operation},
#include "runtime/control/routes.def"
};

std::span<const Route> routes() {
    return kRoutes;
}

static json error_body(std::string_view code, std::string message, std::string hint) {
    return {{"error", {{"code", code}, {"message", std::move(message)}, {"hint", std::move(hint)}}}};
}

Answer answer(Operations& operations, std::string_view method, std::string_view path) {
    bool known_path = false;
    for (const Route& route : kRoutes) {
        if (route.path != path) continue;
        known_path = true;
        if (route.method != method) continue;
        auto result = (operations.*route.call)();
        if (result) return {200, std::move(*result)};
        int status = result.error().code == ErrorCode::kUnsupported ? 501 : 409;
        return {status, error_body(error_code_name(result.error().code), result.error().message, result.error().hint)};
    }
    if (known_path) return {405, error_body("invalid-argument", fmt::format("{} does not take {}", path, method), "")};
    return {404, error_body("not-found", fmt::format("there is no {}", path), "")};
}

}  // namespace nyx::control

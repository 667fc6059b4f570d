#include "compiler/lsp/rpc.h"

namespace nyx::lsp {

using nlohmann::json;

json parse_message(std::string_view body) {
    constexpr int kMaxDepth = 200;
    auto shallow = [](int depth, json::parse_event_t, json&) { return depth <= kMaxDepth; };
    return json::parse(body, shallow, false);
}

json error_response(json id, int code, std::string message) {
    return {{"jsonrpc", "2.0"}, {"id", std::move(id)}, {"error", {{"code", code}, {"message", std::move(message)}}}};
}

json response(json id, json result) {
    return {{"jsonrpc", "2.0"}, {"id", std::move(id)}, {"result", std::move(result)}};
}

json notification(std::string method, json params) {
    return {{"jsonrpc", "2.0"}, {"method", std::move(method)}, {"params", std::move(params)}};
}

}  // namespace nyx::lsp

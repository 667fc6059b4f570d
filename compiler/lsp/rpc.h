// Answers of JSON-RPC 2.0 (§5) with the codes of LSP 3.17 ("Response Message").
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "runtime/base/result.h"

namespace nyx::lsp {

inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kNotInitialized = -32002;
inline constexpr int kRequestFailed = -32803;
inline constexpr int kContentModified = -32801;
inline constexpr int kRequestCancelled = -32800;

// A discarded value where it is not JSON. What is nested deeper than any message of the protocol is left out, so that
// recursion over a message is safe.
nlohmann::json parse_message(std::string_view body);

nlohmann::json error_response(nlohmann::json id, int code, std::string message);
nlohmann::json response(nlohmann::json id, nlohmann::json result);
nlohmann::json notification(std::string method, nlohmann::json params);

}  // namespace nyx::lsp

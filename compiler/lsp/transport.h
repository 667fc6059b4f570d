// Messages of the Language Server Protocol on a pair of descriptors: "Content-Length: N\r\n\r\n" and N bytes of JSON.
// Source: LSP 3.17, "Base Protocol". Not thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "runtime/base/result.h"

namespace nyx::lsp {

inline constexpr std::size_t kMaxMessage = std::size_t{64} << 20;  // bytes; a larger one ends the connection
inline constexpr std::size_t kMaxHeader = 4096;

// Finds whole messages in a stream of bytes that arrives in any portions.
class MessageReader {
  public:
    void append(std::string_view bytes) { buffer_.append(bytes); }
    // The next body; nullopt when more bytes are needed; an error when the stream can no longer be understood.
    Result<std::optional<std::string>> next();

  private:
    std::string buffer_;
};

std::string frame(const nlohmann::json& message);

}  // namespace nyx::lsp

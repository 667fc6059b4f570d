// Messages of the Language Server Protocol in a stream of bytes: "Content-Length: N\r\n\r\n" and N bytes of JSON.
// Source: LSP 3.17, "Base Protocol". Not thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace nyx::lsp {

inline constexpr std::size_t kMaxMessage = std::size_t{64} << 20;  // bytes; a header that promises more is nonsense
inline constexpr std::size_t kMaxHeader = 4096;                    // bytes of one line of a header

// Finds whole messages in a stream of bytes that arrives in any portions. Nonsense is skipped up to the next line that
// says "Content-Length", so no bytes end the conversation.
class MessageReader {
  public:
    void append(std::string_view bytes) { buffer_.append(bytes); }
    // The next body; nullopt when more bytes are needed.
    std::optional<std::string> next();

  private:
    // Takes the next line of a header; nullopt when more bytes are needed.
    std::optional<std::string> line();

    std::string buffer_;
    std::size_t read_ = 0;               // bytes of the buffer that are done with
    std::optional<std::size_t> length_;  // of the header that is being read
    bool in_body_ = false;
};

std::string frame(const nlohmann::json& message);

}  // namespace nyx::lsp

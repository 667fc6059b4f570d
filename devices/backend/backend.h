// The host's end of a device that speaks in bytes: this terminal, a new pseudo-terminal, a file, or nothing.
//
// Output goes through sink(), from any thread. Input is for the machine's event loop, which waits on input_fd() and
// calls read() when it is readable; only one thread reads. Destruction writes out what is still pending, as far as the
// peer takes it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "devices/kit/byte_stream.h"
#include "runtime/base/result.h"

namespace nyx::dev {

enum class BackendKind { kNull, kStdio, kPty, kFile };

struct BackendSpec {
    BackendKind kind = BackendKind::kNull;
    std::string path;     // kFile
    bool append = false;  // kFile: keep what the file holds
};

// "stdio", "pty", "file:PATH", "append:PATH" or "none".
Result<BackendSpec> parse_backend(std::string_view text);

struct InputBytes {
    std::size_t count = 0;  // 0 and not closed: nothing there now
    bool closed = false;    // nothing will ever come again: stop waiting on input_fd()
};

class Backend {
  public:
    virtual ~Backend() = default;
    virtual ByteSink& sink() = 0;
    // -1: there is no input.
    virtual int input_fd() const { return -1; }
    virtual InputBytes read(std::span<std::uint8_t>) { return {0, true}; }
    // Bytes that the peer did not take.
    virtual std::uint64_t dropped() const { return 0; }
    // For people: "pseudo-terminal /dev/pts/4".
    virtual std::string description() const = 0;
};

Result<std::unique_ptr<Backend>> open_backend(const BackendSpec& spec);

}  // namespace nyx::dev

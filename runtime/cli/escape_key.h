// Ctrl-A at a terminal: x leaves, h helps, a (or Ctrl-A again) sends Ctrl-A itself. Everything else passes through.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "runtime/base/bytes.h"

namespace nyx::cli {

class EscapeKey {
  public:
    struct Actions {
        std::function<void()> leave;
        std::function<void()> help;
    };
    explicit EscapeKey(Actions actions) : actions_(std::move(actions)) {}

    // What of `typed` is for the guest. A Ctrl-A at the end waits for the next call.
    Bytes filter(ByteView typed);

  private:
    Actions actions_;
    bool after_escape_ = false;
};

}  // namespace nyx::cli

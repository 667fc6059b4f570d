#include "runtime/cli/serial_lines.h"

#include <utility>

namespace nyx::cli {

void SerialLines::write(std::span<const std::uint8_t> bytes) {
    out_.write(bytes);
    for (std::uint8_t byte : bytes) {
        if (byte == '\n') {
            while (line_.ends_with('\r')) line_.pop_back();
            told_(std::exchange(line_, {}));
        } else if (line_.size() < kLongest) {
            line_.push_back(static_cast<char>(byte));
        }
    }
}

}  // namespace nyx::cli

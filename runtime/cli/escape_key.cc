#include "runtime/cli/escape_key.h"

namespace nyx::cli {

constexpr std::uint8_t kCtrlA = 1;

Bytes EscapeKey::filter(ByteView typed) {
    Bytes passed;
    for (std::uint8_t byte : typed) {
        if (!after_escape_) {
            if (byte == kCtrlA)
                after_escape_ = true;
            else
                passed.push_back(byte);
            continue;
        }
        after_escape_ = false;
        if (byte == 'x') actions_.leave();
        if (byte == 'h') actions_.help();
        if (byte == 'a' || byte == kCtrlA) passed.push_back(kCtrlA);
    }
    return passed;
}

}  // namespace nyx::cli

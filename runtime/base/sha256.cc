#include "runtime/base/sha256.h"

#include <nettle/sha2.h>

namespace nyx {

Digest sha256(ByteView bytes) {
    sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, bytes.size(), bytes.data());
    Digest digest{};
    sha256_digest(&context, digest.size(), digest.data());
    return digest;
}

std::string to_hex(const Digest& digest) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (std::uint8_t byte : digest) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

static int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

Result<Digest> digest_from_hex(std::string_view text) {
    Digest digest{};
    if (text.size() != digest.size() * 2)
        return fail(ErrorCode::kCorrupt, "a SHA-256 has 64 hexadecimal digits, not {}", text.size());
    for (std::size_t i = 0; i < digest.size(); ++i) {
        int high = nibble(text[i * 2]);
        int low = nibble(text[i * 2 + 1]);
        if (high < 0 || low < 0) return fail(ErrorCode::kCorrupt, "'{}' is not a SHA-256", text);
        digest[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return digest;
}

}  // namespace nyx

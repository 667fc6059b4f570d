#include "compiler/syntax/byte_stream.h"

#include <algorithm>

namespace nyx::syntax {

size_t ByteStream::LA(ssize_t i) {
    // The lexer looks ahead only; i counts from 1.
    size_t at = index_ + static_cast<size_t>(i) - 1;
    if (i <= 0 || at >= text_.size()) return EOF;
    return std::min<size_t>(static_cast<unsigned char>(text_[at]), 0x7F);
}

std::string ByteStream::getText(const antlr4::misc::Interval& interval) {
    if (interval.a < 0 || static_cast<size_t>(interval.a) >= text_.size()) return {};
    return std::string(text_.substr(static_cast<size_t>(interval.a), static_cast<size_t>(interval.b - interval.a) + 1));
}

}  // namespace nyx::syntax

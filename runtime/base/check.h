// NYX_CHECK(condition, "format", args...): for mistakes of ours only. Prints place and reason, then aborts, in every
// build.
#pragma once

#include <fmt/format.h>

#include <string_view>

namespace nyx {

[[noreturn]] void check_failed(const char* file, int line, const char* condition, std::string_view reason);

}  // namespace nyx

#define NYX_CHECK(condition, ...)                                                               \
    do {                                                                                        \
        if (!(condition)) [[unlikely]] {                                                        \
            ::nyx::check_failed(__FILE__, __LINE__, #condition, ::fmt::format("" __VA_ARGS__)); \
        }                                                                                       \
    } while (false)

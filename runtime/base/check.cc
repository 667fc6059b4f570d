#include "runtime/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace nyx {

void check_failed(const char* file, int line, const char* condition, std::string_view reason) {
    fmt::print(stderr, "{}:{}: internal error: {} is false{}{}\nThis is a bug in Nyx; please report it.\n", file, line,
               condition, reason.empty() ? "" : ": ", reason);
    std::abort();
}

}  // namespace nyx

#include "compiler/driver/input.h"

#include <cerrno>
#include <cstdio>

#include "runtime/base/file.h"

namespace nyx::driver {

Result<std::string> read_input(const std::string& path, std::size_t most) {
    if (path != "-") {
        NYX_ASSIGN(Bytes bytes, read_file(path, most));
        return std::string(as_text(bytes));
    }
    std::string text;
    char buffer[65536];
    while (std::size_t count = std::fread(buffer, 1, sizeof buffer, stdin)) {
        text.append(buffer, count);
        if (text.size() > most) return fail(ErrorCode::kCorrupt, "standard input: more than {} MiB", most >> 20);
    }
    if (std::ferror(stdin) != 0) return fail(errno_error(errno, "standard input"));
    return text;
}

}  // namespace nyx::driver

#include "compiler/driver/deliver.h"

#include <cerrno>
#include <cstdio>

#include "compiler/driver/command.h"
#include "runtime/base/file.h"

namespace nyx::driver {

int deliver(const std::string& text, const std::string& output) {
    if (!output.empty()) {
        Status written = write_file(output, as_bytes(text));
        return written ? kDone : fail_with(written.error());
    }
    bool printed = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return printed ? kDone : fail_with(errno_error(errno, "standard output"));
}

}  // namespace nyx::driver

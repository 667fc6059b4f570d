#include "devices/backend/backend.h"

namespace nyx::dev {

static Result<BackendSpec> file_spec(std::string_view path, bool append) {
    if (path.empty()) return fail(ErrorCode::kInvalidArgument, "a file needs a path: file:PATH");
    return BackendSpec{BackendKind::kFile, std::string(path), append};
}

Result<BackendSpec> parse_backend(std::string_view text) {
    constexpr std::string_view kFile = "file:";
    constexpr std::string_view kAppend = "append:";
    if (text == "none") return BackendSpec{BackendKind::kNull, "", false};
    if (text == "stdio") return BackendSpec{BackendKind::kStdio, "", false};
    if (text == "pty") return BackendSpec{BackendKind::kPty, "", false};
    if (text.starts_with(kFile)) return file_spec(text.substr(kFile.size()), false);
    if (text.starts_with(kAppend)) return file_spec(text.substr(kAppend.size()), true);
    return fail(Error{ErrorCode::kInvalidArgument, fmt::format("'{}' is no place for a serial port", text),
                      "use stdio, pty, file:PATH, append:PATH or none"});
}

}  // namespace nyx::dev

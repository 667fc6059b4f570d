#include <cerrno>
#include <cstring>

#include "runtime/base/result.h"

namespace nyx {

const char* error_code_name(ErrorCode code) {
    switch (code) {
        case ErrorCode::kInvalidArgument:
            return "invalid-argument";
        case ErrorCode::kNotFound:
            return "not-found";
        case ErrorCode::kPermission:
            return "permission";
        case ErrorCode::kCorrupt:
            return "corrupt";
        case ErrorCode::kUnsupported:
            return "unsupported";
        case ErrorCode::kResource:
            return "resource";
        case ErrorCode::kIo:
            return "io";
    }
    return "unknown";
}

Error Error::in(std::string_view what) && {
    message = fmt::format("{}: {}", what, message);
    return std::move(*this);
}

std::string Error::text() const {
    return hint.empty() ? message : fmt::format("{}\n  {}", message, hint);
}

static ErrorCode code_of_errno(int number) {
    switch (number) {
        case ENOENT:
        case ENODEV:
        case ENXIO:
            return ErrorCode::kNotFound;
        case EACCES:
        case EPERM:
            return ErrorCode::kPermission;
        case ENOMEM:
        case ENOSPC:
        case EMFILE:
        case ENFILE:
            return ErrorCode::kResource;
        case ENOSYS:
        case EOPNOTSUPP:
            return ErrorCode::kUnsupported;
        default:
            return ErrorCode::kIo;
    }
}

Error errno_error(int number, std::string_view what) {
    return Error{code_of_errno(number), fmt::format("{}: {}", what, std::strerror(number))};
}

}  // namespace nyx

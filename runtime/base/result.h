// Errors as values, for everything the environment can do to us: files, ioctls, corrupt bundles, peers.
//
// Mistakes of a .ny author are diagnostics (compiler/diagnostics); mistakes of a guest are defined bus behaviour; our
// own are NYX_CHECK. No exception crosses a library.
#pragma once

#include <fmt/format.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace nyx {

// What kind of thing went wrong. Callers decide by it; people read the message.
enum class ErrorCode {
    kInvalidArgument,  // a value that cannot be right whatever the host (exit status 2)
    kNotFound,         // a file, device or name is not there
    kPermission,       // it is there and we may not use it
    kCorrupt,          // a file or stream is not what its format says
    kUnsupported,      // this host, kernel or format version cannot do it
    kResource,         // memory, disk, descriptors, slots are used up
    kIo,               // the operating system refused for another reason
};

// Name of the code as it appears in JSON output, for example "corrupt".
const char* error_code_name(ErrorCode code);

// message: one line that says what is wrong, without a final full stop. hint: what to do about it; may be empty.
struct Error {
    ErrorCode code = ErrorCode::kIo;
    std::string message;
    std::string hint{};

    // The same error with `what: ` put in front, for a caller that knows more about the occasion.
    Error in(std::string_view what) &&;
    // "message" or "message\n  hint", as printed to stderr.
    std::string text() const;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

template <class... Args>
tl::unexpected<Error> fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
    return tl::make_unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

inline tl::unexpected<Error> fail(Error error) {
    return tl::make_unexpected(std::move(error));
}

// errno as an error: "what: No such file or directory", with the code that fits the number.
Error errno_error(int number, std::string_view what);

}  // namespace nyx

#define NYX_CONCAT_(a, b) a##b
#define NYX_CONCAT(a, b) NYX_CONCAT_(a, b)

// Evaluates a Status or Result; returns its error from the enclosing function.
#define NYX_TRY(expr)                                          \
    do {                                                       \
        if (auto nyx_result = (expr); !nyx_result) {           \
            return ::nyx::fail(std::move(nyx_result).error()); \
        }                                                      \
    } while (false)

// NOLINTBEGIN(bugprone-macro-parentheses): decl may be a declaration, which parentheses would break.
// NYX_ASSIGN(auto x, f()): x is the value, or the enclosing function returns the error.
#define NYX_ASSIGN(decl, expr) NYX_ASSIGN_(NYX_CONCAT(nyx_result_, __LINE__), decl, expr)
#define NYX_ASSIGN_(tmp, decl, expr)                      \
    auto tmp = (expr);                                    \
    if (!tmp) return ::nyx::fail(std::move(tmp).error()); \
    decl = std::move(*tmp)
// NOLINTEND(bugprone-macro-parentheses)

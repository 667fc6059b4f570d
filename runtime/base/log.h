// Log lines to stderr: "nyx: warning: text". Thread-safe; one write a line.
#pragma once

#include <fmt/format.h>

#include <string_view>

namespace nyx {

enum class LogLevel { kError, kWarning, kInfo, kDebug };

// Lines above this level are dropped. Starts at kWarning.
void set_log_level(LogLevel level);
void log_line(LogLevel level, std::string_view text);

template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
    log_line(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
    log_line(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace nyx

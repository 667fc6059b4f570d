#include "runtime/base/log.h"

#include <atomic>
#include <cstdio>
#include <string>

namespace nyx {

static std::atomic<LogLevel> threshold{LogLevel::kWarning};

static const char* level_name(LogLevel level) {
    switch (level) {
        case LogLevel::kError:
            return "error";
        case LogLevel::kWarning:
            return "warning";
        case LogLevel::kInfo:
            return "info";
        case LogLevel::kDebug:
            return "debug";
    }
    return "";
}

void set_log_level(LogLevel level) {
    threshold.store(level, std::memory_order_relaxed);
}

void log_line(LogLevel level, std::string_view text) {
    if (level > threshold.load(std::memory_order_relaxed)) return;
    std::string line = fmt::format("nyx: {}: {}\n", level_name(level), text);
    std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace nyx

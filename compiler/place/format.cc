#include "compiler/place/format.h"

#include <fmt/format.h>

namespace nyx::place {

using Kind = model::ResourceRequest::Kind;

std::string range_text(Range range) {
    if (range.size <= 1) return fmt::format("{:#x}", range.base);
    return fmt::format("{:#x}–{:#x}", range.base, range.end() - 1);
}

std::string range_text(Kind kind, Range range) {
    return kind == Kind::kGsi ? fmt::format("{}", range.base) : range_text(range);
}

std::string size_text(std::uint64_t bytes) {
    constexpr struct {
        unsigned shift;
        const char* unit;
    } kUnits[] = {{40, "TiB"}, {30, "GiB"}, {20, "MiB"}, {10, "KiB"}};
    for (auto [shift, unit] : kUnits) {
        if (bytes != 0 && bytes % (std::uint64_t{1} << shift) == 0) return fmt::format("{} {}", bytes >> shift, unit);
    }
    return fmt::format("{} bytes", bytes);
}

const char* kind_text(Kind kind) {
    switch (kind) {
        case Kind::kPio:
            return "I/O ports";
        case Kind::kMmio:
            return "memory addresses";
        case Kind::kGsi:
            return "interrupt line";
    }
    return "";
}

}  // namespace nyx::place

#include "runtime/plan/bundle_format.h"

#include <algorithm>

#include "runtime/plan/check_plan.h"

namespace nyx::plan {

static constexpr std::string_view kImagePrefix = "image:";
static constexpr std::string_view kCodePrefix = "code:";
static constexpr std::string_view kOrder[] = {"plan",    "wiring",         "references",     "preferences",
                                              "devices", "code:x86-64-v1", "code:x86-64-v3", "acpi",
                                              "smbios",  "script"};

std::string_view image_id(std::string_view section) {
    return section.starts_with(kImagePrefix) ? section.substr(kImagePrefix.size()) : std::string_view{};
}

std::string_view code_level(std::string_view section) {
    return section.starts_with(kCodePrefix) ? section.substr(kCodePrefix.size()) : std::string_view{};
}

std::string code_section(std::string_view level) {
    return std::string(kCodePrefix) + std::string(level);
}

std::uint64_t section_alignment(std::string_view section) {
    return image_id(section).empty() ? 16 : kPageSize;
}

int section_rank(std::string_view section) {
    const auto* found = std::find(std::begin(kOrder), std::end(kOrder), section);
    if (found != std::end(kOrder)) return static_cast<int>(found - std::begin(kOrder));
    return is_plan_name(image_id(section)) ? static_cast<int>(std::size(kOrder)) : -1;
}

Digest header_digest(ByteView head) {
    Bytes copy(head.begin(), head.end());
    std::fill_n(copy.begin() + kHeaderDigestAt, Digest{}.size(), std::uint8_t{0});
    return sha256(copy);
}

}  // namespace nyx::plan

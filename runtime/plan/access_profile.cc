#include "runtime/plan/access_profile.h"

#include <algorithm>
#include <tuple>

#include "runtime/base/json_reader.h"

namespace nyx::plan {

namespace {

constexpr const char* kRead = "read";
constexpr const char* kWrite = "write";

AccessProfile::Row read_row(const json::Json& value, const std::string& path, json::Problem& problem) {
    json::ObjectReader object(value, path, problem);
    AccessProfile::Row row;
    row.device = object.text("device");
    row.reg = object.text("register");
    const std::string direction = object.text("direction");
    if (direction != kRead && direction != kWrite) problem.note(object.path_of("direction"), "is no direction");
    row.is_write = direction == kWrite;
    row.count = object.number("count", std::uint64_t{1} << 48);  // 65536 of them have a sum
    object.finish();
    return row;
}

}  // namespace

void sort_profile(AccessProfile& profile) {
    std::ranges::sort(profile.rows, [](const auto& a, const auto& b) {
        return std::tuple(b.count, a.device, a.reg, a.is_write) < std::tuple(a.count, b.device, b.reg, b.is_write);
    });
}

std::string profile_text(const AccessProfile& profile) {
    json::Json rows = json::Json::array();
    for (const AccessProfile::Row& row : profile.rows)
        rows.push_back({{"device", row.device},
                        {"register", row.reg},
                        {"direction", row.is_write ? kWrite : kRead},
                        {"count", row.count}});
    const json::Json document = {{"format", 1}, {"plan", to_hex(profile.plan_hash)}, {"accesses", rows}};
    return document.dump(1, ' ', true, json::Json::error_handler_t::replace) + "\n";
}

Result<AccessProfile> parse_profile(std::string_view text) {
    NYX_ASSIGN(const json::Json document, json::parse_json(text, kMaxProfileText));
    AccessProfile profile;
    json::Problem problem;
    json::ObjectReader object(document, "", problem);
    if (object.number("format") != 1) problem.note("format", "is not 1");
    profile.plan_hash = object.digest("plan");
    object.each("accesses", kMaxProfileRows, [&](const json::Json& row, const std::string& path) {
        profile.rows.push_back(read_row(row, path, problem));
    });
    object.finish();
    if (problem.found()) return fail(ErrorCode::kCorrupt, "{}", problem.text());
    sort_profile(profile);
    return profile;
}

}  // namespace nyx::plan

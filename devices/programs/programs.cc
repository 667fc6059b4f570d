#include "devices/programs/programs.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "devices/ir/program_json.h"
#include "devices/programs/embedded.h"
#include "runtime/base/check.h"

namespace nyx::dev::programs {

static std::span<const Embedded> all() {
    return {kEmbedded, kEmbeddedCount};
}

static ir::Program read(const Embedded& one) {
    auto programs = ir::parse_programs(one.text);
    NYX_CHECK(programs && programs->size() == 1, "embedded program '{}'", one.name);
    return std::move(programs->front());
}

static const ir::Program* find(std::string_view name, bool is_part) {
    static std::mutex lock;
    static std::map<std::string_view, ir::Program> known;
    const auto found = std::ranges::find(all(), name, &Embedded::name);
    if (found == all().end() || found->is_part != is_part) return nullptr;
    const std::lock_guard guard(lock);
    auto program = known.find(name);
    if (program == known.end()) program = known.emplace(found->name, read(*found)).first;
    return &program->second;
}

const ir::Program* find(std::string_view name) {
    return find(name, false);
}

const ir::Program* find_part(std::string_view name) {
    return find(name, true);
}

std::vector<std::string_view> names() {
    std::vector<std::string_view> names;
    for (const Embedded& one : all())
        if (!one.is_part) names.push_back(one.name);
    return names;
}

}  // namespace nyx::dev::programs

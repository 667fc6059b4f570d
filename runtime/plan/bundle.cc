#include "runtime/plan/bundle.h"

#include <algorithm>

#include "devices/ir/program_json.h"
#include "runtime/plan/bundle_damage.h"
#include "runtime/plan/check_plan.h"
#include "runtime/plan/plan_json.h"
#include "runtime/plan/programs.h"

namespace nyx::plan {

Result<Bundle> Bundle::open(const std::string& path) {
    NYX_ASSIGN(MappedFile file, MappedFile::open(path));
    Result<Bundle> bundle = read(file.bytes(), path);
    if (bundle) bundle->file_ = std::move(file);
    return bundle;
}

Result<Bundle> Bundle::read(ByteView bytes, const std::string& path) {
    Bundle bundle;
    bundle.path_ = path;
    if (Status status = bundle.take(bytes); !status) return fail(std::move(status).error().in(path));
    return bundle;
}

Status Bundle::take(ByteView bytes) {
    NYX_ASSIGN(sections_, BundleSections::read(bytes));
    for (const char* name : {"plan", "wiring", "references"}) {
        if (!sections_.find(name)) return damaged("section '{}' is missing", name);
    }
    NYX_TRY(read_plan());
    NYX_TRY(read_wiring());
    NYX_ASSIGN(references_, parse_references(sections_.text_of("references")));
    NYX_TRY(read_preferences());
    NYX_TRY(read_programs());
    NYX_TRY(check_images());
    return check_tables();
}

Status Bundle::read_plan() {
    Result<MachinePlan> plan = parse_plan(sections_.text_of("plan"));
    if (!plan) return damaged("section 'plan': {}", plan.error().message);
    plan_ = std::move(*plan);
    plan_hash_ = sections_.find("plan")->digest;
    return {};
}

Status Bundle::read_wiring() {
    Result<HostWiring> wiring = parse_wiring(sections_.text_of("wiring"));
    if (!wiring) return damaged("section 'wiring': {}", wiring.error().message);
    wiring_ = std::move(*wiring);
    for (const auto& [device, settings] : wiring_) {
        if (!plan_.find_device(device)) return damaged("section 'wiring': the plan has no device '{}'", device);
    }
    return {};
}

Status Bundle::read_preferences() {
    if (!sections_.find("preferences")) return {};
    Result<RunPreferences> preferences = parse_preferences(sections_.text_of("preferences"));
    if (!preferences) return damaged("section 'preferences': {}", preferences.error().message);
    preferences_ = std::move(*preferences);
    return {};
}

Status Bundle::read_programs() {
    if (!sections_.find("devices")) {
        if (plan_.programs.empty()) return check_no_code();
        return damaged("section 'devices', whose programs the plan names, is missing");
    }
    Result<std::vector<dev::ir::Program>> programs = dev::ir::parse_programs(sections_.text_of("devices"));
    if (!programs) return damaged("section 'devices': {}", programs.error().text());
    programs_ = std::move(*programs);
    if (Status fits = check_programs(plan_, programs_); !fits)
        return damaged("section 'devices': {}", fits.error().message);
    return {};
}

Status Bundle::check_no_code() const {
    for (const SectionEntry& entry : sections_.entries())
        if (!code_level(entry.name).empty()) return damaged("section '{}' is code of no device program", entry.name);
    return {};
}

Status Bundle::check_images() const {
    std::size_t embedded = 0;
    for (const ImageRef& image : plan_.images) {
        const SectionEntry* inside = sections_.find("image:" + image.id);
        auto outside = references_.find(image.id);
        if ((inside != nullptr) == (outside != references_.end())) {
            return damaged("image '{}' is {} and referenced", image.id, inside ? "both embedded" : "neither embedded");
        }
        const Digest& digest = inside ? inside->digest : outside->second.digest;
        std::uint64_t size = inside ? inside->size : outside->second.size;
        if (digest != image.digest || size != image.size)
            return damaged("image '{}' is not the one that the plan names", image.id);
        if (inside) ++embedded;
    }
    auto sections =
        std::ranges::count_if(sections_.entries(), [](const auto& entry) { return !image_id(entry.name).empty(); });
    if (static_cast<std::size_t>(sections) != embedded || references_.size() + embedded != plan_.images.size()) {
        return damaged("it has an image that the plan does not name");
    }
    return {};
}

Status Bundle::check_tables() const {
    for (const TableLoad& table : plan_.tables) {
        const SectionEntry* entry = sections_.find(table.section);
        if (!entry) return damaged("section '{}', which the plan loads, is missing", table.section);
        if (entry->size != table.size || entry->digest != table.digest) {
            return damaged("section '{}' is not the one that the plan names", table.section);
        }
    }
    for (const char* name : {"acpi", "smbios"}) {
        bool loaded = std::any_of(plan_.tables.begin(), plan_.tables.end(),
                                  [&](const auto& table) { return table.section == name; });
        if (sections_.find(name) && !loaded) return damaged("section '{}' is not loaded by the plan", name);
    }
    return {};
}

std::optional<ByteView> Bundle::section(std::string_view name) const {
    return sections_.bytes_of(name);
}

Result<Image> Bundle::image(std::string_view id) const {
    if (auto embedded = section("image:" + std::string(id))) return Image(*embedded);
    auto reference = references_.find(id);
    if (reference == references_.end())
        return fail(ErrorCode::kNotFound, "{}: the machine has no image '{}'", path_, id);
    NYX_ASSIGN(MappedFile file, open_reference(reference->second, id, path_));
    return Image(std::move(file));
}

}  // namespace nyx::plan

#include "devices/catalog.h"

#include <algorithm>
#include <optional>

#include "devices/companions/companion.h"
#include "devices/described/device.h"
#include "devices/programs/programs.h"
#include "devices/virtio/types.h"
#include "runtime/base/check.h"
#include "runtime/plan/programs.h"

namespace nyx::dev {

static constexpr const DeviceType* kTypes[] = {
#define NYX_DEVICE_TYPE(folder) &folder::kType,
#include "devices/catalog.def"
#undef NYX_DEVICE_TYPE
};

std::span<const DeviceType* const> types() {
    return kTypes;
}

const DeviceType* find_type(std::string_view name) {
    auto found = std::ranges::find(kTypes, name, &DeviceType::name);
    return found == std::end(kTypes) ? nullptr : *found;
}

template <class... Args>
static tl::unexpected<Error> refuse(const plan::DevicePlan& plan, fmt::format_string<Args...> format, Args&&... args) {
    return fail(ErrorCode::kInvalidArgument, "device '{}' ({}): {}", plan.name, plan.type,
                fmt::format(format, std::forward<Args>(args)...));
}

static Status check_regions(const plan::DevicePlan& plan, const DeviceType& type, Space space,
                            std::span<const Range> ranges, std::string_view unit) {
    std::size_t next = 0;
    for (const RegionSpec& region : type.regions) {
        if (region.space != space) continue;
        if (next == ranges.size()) return refuse(plan, "no {} are given for region '{}'", unit, region.name);
        Range range = ranges[next++];
        if (range.size != region.size)
            return refuse(plan, "region '{}' has {} {}, not {}", region.name, region.size, unit, range.size);
    }
    if (next != ranges.size())
        return refuse(plan, "{} ranges of {} are given, {} are needed", ranges.size(), unit, next);
    return {};
}

// A yes or no counts as 1 or 0; anything that is not a number is not a setting of a device.
static std::optional<std::int64_t> number(const plan::Setting& setting) {
    if (const bool* truth = std::get_if<bool>(&setting)) return *truth ? 1 : 0;
    if (const std::int64_t* integer = std::get_if<std::int64_t>(&setting)) return *integer;
    return std::nullopt;
}

// The values in the order of type.settings.
static Result<std::vector<std::int64_t>> setting_values(const plan::DevicePlan& plan, const DeviceType& type) {
    std::vector<std::int64_t> values;
    for (const SettingSpec& spec : type.settings) values.push_back(spec.default_value);
    for (const auto& [name, setting] : plan.settings) {
        if (std::ranges::find(type.texts, name, &TextSpec::name) != type.texts.end()) continue;
        auto spec = std::ranges::find(type.settings, name, &SettingSpec::name);
        if (spec == type.settings.end()) return refuse(plan, "there is no setting '{}'", name);
        auto value = number(setting);
        if (!value) return refuse(plan, "setting '{}' is not a number", name);
        if (*value < spec->min || *value > spec->max || (*value - spec->min) % spec->step != 0)
            return refuse(plan, "setting '{}' is {}, not {} to {} in steps of {}", name, *value, spec->min, spec->max,
                          spec->step);
        values[static_cast<std::size_t>(spec - type.settings.begin())] = *value;
    }
    return values;
}

// The values in the order of type.texts.
static Result<std::vector<std::string>> texts(const plan::DevicePlan& plan, const DeviceType& type) {
    std::vector<std::string> values;
    for (const TextSpec& spec : type.texts) {
        std::string& value = values.emplace_back();
        auto setting = plan.settings.find(std::string(spec.name));
        if (setting == plan.settings.end()) continue;
        const auto* text = std::get_if<std::string>(&setting->second);
        if (text == nullptr) return refuse(plan, "setting '{}' is not a text", spec.name);
        if (text->size() > spec.max_length || !std::ranges::all_of(*text, [](char c) { return c >= ' ' && c <= '~'; }))
            return refuse(plan, "setting '{}' is not a text of at most {} printable characters", spec.name,
                          spec.max_length);
        value = *text;
    }
    return values;
}

static Status check_resources(const plan::DevicePlan& plan, const DeviceType& type) {
    NYX_TRY(check_regions(plan, type, Space::kPio, plan.pio, "ports"));
    NYX_TRY(check_regions(plan, type, Space::kMmio, plan.mmio, "bytes"));
    if (plan.gsis.size() != type.lines.size())
        return refuse(plan, "{} interrupt lines are given, {} are needed", plan.gsis.size(), type.lines.size());
    return {};
}

static Result<const DeviceType*> type_of(const plan::DevicePlan& plan) {
    const DeviceType* type = find_type(plan.type);
    if (!type) return refuse(plan, "there is no such device type");
    return type;
}

// The program as this device has it.
static Result<ir::Program> program_as_placed(const plan::DevicePlan& plan, const ir::Program& program) {
    if (Status fits = plan::check_device(plan, program); !fits) return refuse(plan, "{}", fits.error().message);
    auto own = plan::configured(plan, program);
    if (!own) return refuse(plan, "{}", own.error().message);
    return own;
}

static Result<std::unique_ptr<Device>> create_described(const plan::DevicePlan& plan, const Environment& environment,
                                                        const ir::Program& program) {
    NYX_ASSIGN(ir::Program own, program_as_placed(plan, program));
    std::unique_ptr<companions::Companion> companion = companions::make(plan.type, environment);
    companions::Companion* beside = companion.get();
    NYX_ASSIGN(
        std::unique_ptr<described::Described> device,
        described::Described::create(std::make_unique<ir::Program>(std::move(own)), environment, std::move(companion)));
    if (beside != nullptr) NYX_TRY(beside->join(*device));
    return std::unique_ptr<Device>(std::move(device));
}

Status check(const plan::DevicePlan& plan) {
    if (const ir::Program* program = program_of(plan.type)) {
        NYX_TRY(program_as_placed(plan, *program));
        return {};
    }
    NYX_ASSIGN(const DeviceType* type, type_of(plan));
    NYX_TRY(check_resources(plan, *type));
    NYX_TRY(setting_values(plan, *type));
    NYX_TRY(texts(plan, *type));
    return {};
}

static Result<std::unique_ptr<Device>> create_native(const plan::DevicePlan& plan, const Environment& environment) {
    NYX_ASSIGN(const DeviceType* type, type_of(plan));
    NYX_TRY(check_resources(plan, *type));
    NYX_ASSIGN(std::vector<std::int64_t> settings, setting_values(plan, *type));
    NYX_ASSIGN(std::vector<std::string> text_values, texts(plan, *type));
    NYX_CHECK(environment.lines.size() == type->lines.size(), "lines of '{}'", plan.name);
    Environment complete = environment;
    complete.texts = text_values;
    return type->create(settings, complete);
}

const ir::Program* program_of(std::string_view type, std::span<const ir::Program> carried) {
    const auto own = std::ranges::find(carried, type, &ir::Program::name);
    return own != carried.end() ? &*own : programs::find(type);
}

Result<std::unique_ptr<Device>> create(const plan::DevicePlan& plan, const Environment& environment,
                                       std::span<const ir::Program> carried) {
    const ir::Program* program = program_of(plan.type, carried);
    if (program != nullptr && !program->script.name.empty())
        return refuse(plan, "it is the class {} of a script, which is not here", program->script.name);
    return program != nullptr ? create_described(plan, environment, *program) : create_native(plan, environment);
}

}  // namespace nyx::dev

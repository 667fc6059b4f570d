#include "runtime/plan/machine_plan.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace nyx::plan {

namespace {

template <class T, class Member>
const T* find_by(const std::vector<T>& all, Member member, std::string_view wanted) {
    auto found = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.*member == wanted; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

const DevicePlan* MachinePlan::find_device(std::string_view device_name) const {
    return find_by(devices, &DevicePlan::name, device_name);
}

const DevicePlan* MachinePlan::find_type(std::string_view type) const {
    return find_by(devices, &DevicePlan::type, type);
}

const ImageRef* MachinePlan::find_image(std::string_view id) const {
    return find_by(images, &ImageRef::id, id);
}

const Window* MachinePlan::find_window(std::string_view window_name) const {
    return find_by(windows, &Window::name, window_name);
}

std::string setting_text(const Setting& setting) {
    struct Visitor {
        std::string operator()(bool value) const { return value ? "true" : "false"; }
        std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
        std::string operator()(double value) const { return fmt::format("{}", value); }
        std::string operator()(const std::string& value) const { return value; }
        std::string operator()(const std::vector<std::string>& value) const {
            return fmt::format("[{}]", fmt::join(value, ", "));
        }
    };
    return std::visit(Visitor{}, setting);
}

}  // namespace nyx::plan

// Processors as QEMU and libvirt name them, and what nyx has for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nyx::interchange {

// "host" for host-passthrough and its kin, the highest x86-64 level that the model reaches, or empty for a model that
// is not known.
std::string_view profile_of_model(std::string_view model);
// The model that stands for a level; empty for others.
std::string_view model_of_profile(std::string_view profile);

// The name among `known` (as Linux writes them) of a feature of QEMU or libvirt.
std::optional<std::string> feature_of(std::string_view name, const std::vector<std::string>& known);
// How libvirt writes a feature.
std::string libvirt_feature(std::string_view name);

}  // namespace nyx::interchange

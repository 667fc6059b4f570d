// What somebody meant who wrote a name or a value as other tools have it. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nyx::check {

// The field among `known` that other tools call `name` (libvirt's `vcpu`, QEMU's `append` …), else the nearest in
// spelling.
std::optional<std::string> meant_field(std::string_view name, std::span<const std::string> known);

// The device among `known` that other tools call `name` (libvirt's `interface`, QEMU's `nic` …), else the nearest.
std::optional<std::string> meant_device(std::string_view name, std::span<const std::string> known);

// Docker's "8080:80" and "53:53/udp" as `tcp(8080, 80)` and `udp(53, 53)`; empty: no such text.
std::string forward_meant(std::string_view text);

// "512MiB", "2 G" and "0x3f8" in quotes as they are written without; empty: not a number or size.
std::string number_in_quotes(std::string_view text);

}  // namespace nyx::check

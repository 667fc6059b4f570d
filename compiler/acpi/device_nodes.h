// The nodes of a machine's devices in ACPI's namespace, below \_SB: how an operating system finds those that it cannot
// find by itself. Pure.
#pragma once

#include <set>
#include <string>

#include "compiler/acpi/aml.h"
#include "compiler/acpi/tables.h"

namespace nyx::acpi {

// What a device says of itself (`acpi { hid = "…" }`), or we of a class. Empty hid: it has no driver that asks ACPI.
dev::ir::Acpi identity_of(const plan::DevicePlan& device, std::span<const dev::ir::Program> programs);

// Names of four characters, each given once (ACPI 6.5 §5.3).
class NodeNames {
  public:
    void reserve(std::string name) { taken_.insert(std::move(name)); }
    // As near to the device's own name as can be: "com1" is COM1.
    std::string give(std::string_view device);

  private:
    std::set<std::string> taken_;
};

// The ranges of the device that its node does not have.
std::vector<Bytes> unnamed_ranges(const plan::DevicePlan& device, std::span<const dev::ir::Program> programs);

// One for each device that has an identity, in the order of the plan, and those of generic event devices that tell of
// what happens to one (§5.6.9). _UID counts from the one that the identity has.
aml::Terms device_nodes(const Subject& subject, NodeNames& names);

}  // namespace nyx::acpi

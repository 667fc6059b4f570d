// Why parts of other programs' machines are not carried over. Part of import_machine().
#pragma once

#include <string>
#include <string_view>

namespace nyx::interchange {

// For an element of libvirt's XML, a section of Firecracker or an option or device of QEMU: "this build has no disks".
std::string reason_for(std::string_view thing);

}  // namespace nyx::interchange

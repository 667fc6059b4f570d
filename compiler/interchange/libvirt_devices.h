// The devices of a libvirt domain. Part of import_libvirt().
#pragma once

#include <pugixml.hpp>

#include "compiler/interchange/importer.h"

namespace nyx::interchange {

void read_libvirt_devices(Importer& importer, const pugi::xml_node& devices);

}  // namespace nyx::interchange

// The larger parts of a libvirt domain. Part of import_libvirt().
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "compiler/interchange/importer.h"

namespace nyx::interchange {

// Of its name in the text.
std::size_t offset_of(const pugi::xml_node& node);
// The text in an element, without blanks around it.
std::string_view content(const pugi::xml_node& node);

void read_libvirt_os(Importer& importer, const pugi::xml_node& os);
void read_libvirt_cpu(Importer& importer, const pugi::xml_node& cpu);
void read_libvirt_devices(Importer& importer, const pugi::xml_node& devices);

}  // namespace nyx::interchange

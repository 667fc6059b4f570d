// One more dependency in the text of a nyx.yaml, in which everything else stays byte for byte: comments, order, quotes.
#pragma once

#include <string>
#include <string_view>

#include "compiler/package/manifest.h"
#include "compiler/package/yaml.h"

namespace nyx::package {

// root: what parse_yaml() made of `text`. Behind the last dependency, in its style; where there are none, at the end.
std::string with_dependency(std::string_view text, const YamlNode& root, const Dependency& added);

}  // namespace nyx::package

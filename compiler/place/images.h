// Opens the files that a machine names.
#pragma once

#include <optional>
#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"
#include "compiler/place/place.h"

namespace nyx::place {

// Nothing, and a diagnostic at the span that names it, for a file that is not there or cannot be read, a folder, or an
// empty file.
std::optional<PlacedImage> open_image(const std::string& id, const model::Sourced<model::Image>& image,
                                      diagnostics::Sink& sink);

}  // namespace nyx::place

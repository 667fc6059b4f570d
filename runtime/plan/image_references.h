// Images that a bundle does not hold but names: section 'references'.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "runtime/base/result.h"
#include "runtime/base/sha256.h"
#include "runtime/plan/mapped_file.h"

namespace nyx::plan {

struct ImageReference {
    std::string path;  // absolute, or from the bundle's folder
    Digest digest{};
    std::uint64_t size = 0;
};

using ImageReferences = std::map<std::string, ImageReference, std::less<>>;  // by the image's id

// kCorrupt for anything but the one text that the writer makes of them.
Result<ImageReferences> parse_references(std::string_view text);
// The file, whose digest is right. `bundle` is the bundle's path. Errors: MappedFile's, and kCorrupt for another file.
Result<MappedFile> open_reference(const ImageReference& reference, std::string_view id, const std::string& bundle);

}  // namespace nyx::plan

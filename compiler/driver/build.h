// From a compiled machine to the two files of a build: the bundle and the lock file.
#pragma once

#include <span>
#include <string>

#include "compiler/driver/lock_file.h"
#include "compiler/driver/pipeline.h"
#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/plan/bundle_writer.h"

namespace nyx::driver {

// What goes into the bundle; views of the images in `compiled`. embed: images are in the bundle; otherwise it refers to
// them by path and digest. Paths in the bundle are as the author wrote them or relative to the main file, so that the
// same source gives the same bytes in every folder.
plan::BundleContents bundle_of(const Checked& checked, const Compiled& compiled, const std::string& output, bool embed);

// What this build is made from, with the machines of the file that were not built but are in `before` (if any).
Result<LockFile> lock_of(const Compilation& compilation, const Checked& checked, std::span<const Compiled> built,
                         const LockFile* before);

}  // namespace nyx::driver

// The locks of devices' states: STEM.devices.lock beside the file, or the one `state.lock` of a folder that has one.
#pragma once

#include <map>
#include <string>

#include "compiler/driver/pipeline.h"

namespace nyx::driver {

// Beside the file that declares devices.
std::string device_lock_path(const source::SourceFile& file);

// Reads each lock once. One that cannot be read is a mistake of the build (NY0809), said at the first device that wants
// it.
class DeviceLocks {
  public:
    explicit DeviceLocks(Compilation& compilation) : compilation_(compilation) {}
    // Null: nothing is locked for it yet.
    const device::LockedDevice* find(const ast::DeviceDecl& node);

  private:
    Compilation& compilation_;
    std::map<std::string, device::StateLock> read_;  // by path
};

// The lock of one file once its devices are built: what it has, with those of `checked` that the file declares.
Result<std::string> device_lock_text(const Compilation& compilation, const Checked& checked, std::uint32_t file);
// Writes those that changed, of files that are not stdlib's.
Status write_device_locks(const Compilation& compilation, const Checked& checked);

}  // namespace nyx::driver

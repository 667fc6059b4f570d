// An opened bundle (docs/bundle.md): the machine to run, already checked.
//
// open() has verified every digest and every number, so that whoever holds a Bundle may use its plan without looking
// again. All views point into the bundle's mapping and stay valid as long as it lives. Immutable, so any thread may
// read it. Errors: kNotFound, kPermission, kIo for the file itself, kUnsupported for a newer format, kCorrupt for
// anything that is wrong with the content.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/ir/program.h"
#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/plan/bundle_sections.h"
#include "runtime/plan/image_references.h"
#include "runtime/plan/machine_plan.h"
#include "runtime/plan/mapped_file.h"

namespace nyx::plan {

// An image's bytes, from inside the bundle (then it must not outlive the bundle) or from the referenced file.
class Image {
  public:
    explicit Image(ByteView embedded) : bytes_(embedded) {}
    explicit Image(MappedFile file) : file_(std::move(file)), bytes_(file_.bytes()) {}
    ByteView bytes() const { return bytes_; }
    void release_pages() const { file_.release_pages(); }

  private:
    MappedFile file_;
    ByteView bytes_;
};

class Bundle {
  public:
    static Result<Bundle> open(const std::string& path);
    // For bytes that are in memory already, which must outlive the bundle; `path` is for messages and for relative
    // references.
    static Result<Bundle> read(ByteView bytes, const std::string& path);

    const std::string& path() const { return path_; }
    const MachinePlan& plan() const { return plan_; }
    const Digest& plan_hash() const { return plan_hash_; }
    const HostWiring& wiring() const { return wiring_; }
    const RunPreferences& preferences() const { return preferences_; }
    // Of the device types that are described in Nyx, by name.
    const std::vector<dev::ir::Program>& programs() const { return programs_; }
    // "acpi", "smbios", "script", "code:x86-64-v1"; nothing where the bundle has no such section.
    std::optional<ByteView> section(std::string_view name) const;
    // The image of the plan with this id. A referenced file is opened and its digest verified now.
    Result<Image> image(std::string_view id) const;
    // After its images have been copied to a guest: see MappedFile. Nothing happens to a bundle that was read from
    // memory.
    void release_pages() const { file_.release_pages(); }

  private:
    Status take(ByteView bytes);
    Status read_plan();
    Status read_wiring();
    Status read_preferences();
    Status read_programs();
    Status check_no_code() const;
    Status check_images() const;
    Status check_tables() const;

    std::string path_;
    MappedFile file_;
    BundleSections sections_;
    MachinePlan plan_;
    Digest plan_hash_{};
    HostWiring wiring_;
    RunPreferences preferences_;
    std::vector<dev::ir::Program> programs_;
    ImageReferences references_;
};

}  // namespace nyx::plan

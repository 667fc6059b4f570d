// An opened bundle (docs/bundle.md): the machine to run, already checked.
//
// open() has verified every digest and every number, so that whoever holds a Bundle may use its plan without looking
// again. All views point into the bundle's mapping and stay valid as long as it lives. Immutable, so any thread may
// read it. Errors: kNotFound, kPermission, kIo for the file itself, kUnsupported for a newer format, kCorrupt for
// anything that is wrong with the content.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "devices/ir/program.h"
#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/plan/bundle_format.h"
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
    // In file order.
    const std::vector<SectionEntry>& sections() const { return sections_; }
    // "acpi", "smbios", "script", "code:x86-64-v1"; nothing where the bundle has no such section.
    std::optional<ByteView> section(std::string_view name) const;
    // The image of the plan with this id. A referenced file is opened and its digest verified now.
    Result<Image> image(std::string_view id) const;
    // After its images have been copied to a guest: see MappedFile. Nothing happens to a bundle that was read from
    // memory.
    void release_pages() const { file_.release_pages(); }

  private:
    struct Reference {
        std::string path;
        Digest digest{};
        std::uint64_t size = 0;
    };

    Status read_table();
    Status check_layout() const;
    Status verify_sections() const;
    Status read_documents();
    Status read_references();
    Status read_preferences();
    Status read_programs();
    Status check_no_code() const;
    Status check_images() const;
    Status check_tables() const;
    const SectionEntry* find(std::string_view name) const;
    std::string_view text_of(std::string_view name) const;

    std::string path_;
    MappedFile file_;
    ByteView bytes_;
    std::vector<SectionEntry> sections_;
    MachinePlan plan_;
    Digest plan_hash_{};
    HostWiring wiring_;
    RunPreferences preferences_;
    std::vector<dev::ir::Program> programs_;
    std::map<std::string, Reference, std::less<>> references_;
};

}  // namespace nyx::plan

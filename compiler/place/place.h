// model::Machine → MachinePlan: addresses, ports and lines for everything, and the topology rules (NY04xx, NY06xx).
//
// A pure function of the machine and of the files it names: the same input gives the same plan on every host. What the
// author fixed comes first, then what the schemas prefer, in order of the source. All findings go to the sink; a
// machine with errors has no plan.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"
#include "runtime/plan/machine_plan.h"
#include "runtime/plan/mapped_file.h"

namespace nyx::place {

// A file the machine needs, open.
struct PlacedImage {
    std::string id;       // as in the plan
    std::string path;     // where it was found
    std::string written;  // as the author wrote it
    plan::MappedFile file;
    Bytes made = {};  // by the compiler, in the place of a file

    ByteView bytes() const { return made.empty() ? file.bytes() : ByteView(made); }
};

// Why a device has the address or line that it has.
struct Placement {
    std::string device;
    std::string field;  // "base"
    model::ResourceRequest::Kind kind = model::ResourceRequest::Kind::kPio;
    Range range;
    bool is_fixed = false;  // by the author or the declaration: nothing was chosen
    std::string reason;
    Span where;  // the device in the source
};

struct PlacedMachine {
    plan::MachinePlan plan;  // tables is still empty: ACPI and SMBIOS are made from this plan (see add_table)
    plan::HostWiring wiring;
    plan::RunPreferences preferences;
    std::vector<PlacedImage> images;    // in the plan's order
    std::vector<Placement> placements;  // in order of the source
};

// The digest of a file's bytes. An editor keeps those of files that have not changed.
using DigestOf = std::function<Digest(const std::string& path, ByteView bytes)>;

// digest_of: empty is SHA-256 of the bytes.
std::optional<PlacedMachine> place(const model::Machine& machine, diagnostics::Sink& sink,
                                   const DigestOf& digest_of = {});

// Reports what breaks a rule of placement in a machine that has mistakes already: what is unknown of it is absent and
// breaks none.
void check_partial(const model::Machine& machine, bool has_boot, diagnostics::Sink& sink);

// The ranges below 1 MiB that tables go to when the machine has ACPI.
inline constexpr Range kAcpiRegion{0xE0000, 0x10000};
inline constexpr Range kSmbiosRegion{0xF0000, 0x10000};

// Enters a finished table into the plan. The bytes fit their region, or it is a mistake of ours.
void add_table(plan::MachinePlan& plan, std::string_view section, Range region, ByteView bytes);

}  // namespace nyx::place

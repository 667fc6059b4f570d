// Guest RAM as the loader will fill it: who takes what, so that image, structures, tables and initrd keep apart.
// Private to this folder.
#pragma once

#include <initializer_list>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"
#include "compiler/place/allocator.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::place {

// One of the areas of BootAddresses, and where it goes unless the image is there.
struct Structure {
    std::uint64_t plan::BootAddresses::* address;
    std::uint64_t size;
    std::uint64_t preferred;
};
inline constexpr Structure kGdt{&plan::BootAddresses::gdt, plan::BootAddresses::kGdtSize, 0x1000};
inline constexpr Structure kStack{&plan::BootAddresses::stack, plan::BootAddresses::kStackSize, 0x2000};
inline constexpr Structure kBootParams{&plan::BootAddresses::boot_params, plan::BootAddresses::kBootParamsSize, 0x7000};
inline constexpr Structure kPageTables{&plan::BootAddresses::page_tables, plan::BootAddresses::kPageTablesSize, 0x8000};
inline constexpr Structure kCmdline{&plan::BootAddresses::cmdline, plan::BootAddresses::kCmdlineSize, 0x20000};

class BootMemory {
  public:
    // plan.ram is there already; has_tables: the ACPI and SMBIOS regions are taken.
    BootMemory(const model::Machine& machine, plan::MachinePlan& plan, bool has_tables, diagnostics::Sink& sink);

    // A range that the loader fills from the image. A diagnostic where it is not RAM or another's.
    void claim_image(const model::Sourced<model::Image>& image, Range range, Span load = {});
    // Finds a place below the EBDA for each and enters it into plan.boot.addresses.
    void place_structures(std::initializer_list<Structure> wanted);
    // As high as it goes below the PCI hole and `address_max`, where no kernel unpacks itself.
    void place_initrd(const model::Sourced<model::Image>& initrd, std::uint64_t size, std::uint64_t address_max);

  private:
    const model::Machine& machine_;
    plan::MachinePlan& plan_;
    diagnostics::Sink& sink_;
    Allocator ram_;
};

}  // namespace nyx::place

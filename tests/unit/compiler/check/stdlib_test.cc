// The declarations of stdlib: sound, and at one with the code that serves them.
#include <doctest/doctest.h>

#include "tests/unit/compiler/check/fixture.h"

namespace nyx::check {

TEST_CASE("stdlib has no mistakes") {
    Program program("");
    for (const auto& finding : program.sink.all()) {
        FAIL_CHECK(finding.message, " at ", program.sources.file(finding.primary.span.file).path, ":",
                   program.sources.position(finding.primary.span.file, finding.primary.span.begin).line);
    }
    CHECK(program.schemas.member_names("device") ==
          std::vector<std::string>{"acpi_ged",    "acpi_pm",  "console",  "debugcon",        "disk",    "exit",
                                   "fw_cfg",      "hpet",     "i8042",    "i8237",           "net",     "pci",
                                   "pci_console", "pci_disk", "pci_net",  "pci_rng",         "pvpanic", "rng",
                                   "rtc",         "serial",   "smi_port", "vm_generation_id"});
    CHECK(program.schemas.member_names("boot") ==
          std::vector<std::string>{"elf", "firmware", "flat", "linux", "multiboot", "pvh"});
}

TEST_CASE("every schema and field of stdlib is documented, and every default fits its type") {
    Program program("");
    Typer typer(program.schemas, program.sources, program.sink);
    for (const auto& [name, schema] : program.schemas.all) {
        bool is_cpuid = program.schemas.derives(schema, "cpuid");
        CHECK_MESSAGE((is_cpuid || !schema.doc.empty()), name);
        for (const FieldSpec& field : schema.fields) {
            CHECK_MESSAGE(!field.doc.empty(), name, ".", field.name);
            if (!field.is_required()) CHECK_MESSAGE(typer.default_of(field).has_value(), name, ".", field.name);
        }
    }
    CHECK(program.sink.all().empty());
}

}  // namespace nyx::check

#include "compiler/check/boot.h"

#include <algorithm>
#include <iterator>

#include "compiler/check/consume.h"

namespace nyx::check {

using model::Image;

namespace {

model::Boot linux_boot(Consumer& fields) {
    return model::BootLinux{fields.take<Image>("kernel"), fields.take_if<Image>("initrd"),
                            fields.take<std::string>("cmdline")};
}

model::Boot elf_boot(Consumer& fields) {
    return model::BootElf{fields.take<Image>("image")};
}

model::Boot pvh_boot(Consumer& fields) {
    return model::BootPvh{fields.take<Image>("image"), fields.take_if<Image>("initrd"),
                          fields.take<std::string>("cmdline")};
}

model::Boot multiboot_boot(Consumer& fields) {
    return model::BootMultiboot{fields.take<Image>("kernel"), fields.take_if<Image>("module"),
                                fields.take<std::string>("cmdline")};
}

model::EntryMode entry_mode(const std::string& name) {
    if (name == "real16") return model::EntryMode::kReal16;
    return name == "protected32" ? model::EntryMode::kProtected32 : model::EntryMode::kLong64;
}

model::Boot flat_boot(Consumer& fields) {
    auto mode = fields.take<std::string>("mode");
    return model::BootFlat{fields.take<Image>("image"),
                           fields.take_number<std::uint64_t>("load"),
                           fields.take_number<std::uint64_t>("entry"),
                           {entry_mode(mode.value), mode.where, mode.is_default}};
}

model::Boot firmware_boot(Consumer& fields) {
    return model::BootFirmware{fields.take<Image>("image")};
}

struct Protocol {
    std::string_view schema;
    model::Boot (*make)(Consumer& fields);
};
constexpr Protocol kProtocols[] = {
    {"linux", linux_boot},         {"elf", elf_boot},   {"pvh", pvh_boot},
    {"multiboot", multiboot_boot}, {"flat", flat_boot}, {"firmware", firmware_boot},
};

}  // namespace

std::optional<model::Boot> boot_of(const Record& record, diagnostics::Sink& sink) {
    const auto* protocol = std::find_if(std::begin(kProtocols), std::end(kProtocols),
                                        [&](const Protocol& p) { return p.schema == record.schema->name; });
    if (protocol == std::end(kProtocols)) {
        sink.report(diagnostics::Code::kBadSchema, record.schema->where,
                    fmt::format("this nyxc knows no boot protocol {}", record.schema->name));
        return std::nullopt;
    }
    Consumer fields(record, sink);
    model::Boot boot = protocol->make(fields);
    return fields.ok() ? std::optional(std::move(boot)) : std::nullopt;
}

}  // namespace nyx::check

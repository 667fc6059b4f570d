#include "runtime/boot/boot.h"

#include "runtime/base/check.h"

#include "runtime/boot/protocols.h"

namespace nyx::boot {
namespace {

Result<InitialState> load_by_protocol(const LoadContext& context) {
    if (context.plan.boot.initrd.has_value() != context.images.initrd.has_value()) {
        return fail(ErrorCode::kCorrupt, "the plan {} an initrd, the images {}",
                    context.plan.boot.initrd ? "has" : "has not", context.images.initrd ? "do" : "do not");
    }
    switch (context.plan.boot.protocol) {
        case plan::BootProtocol::kFlat:
            return load_flat(context);
        case plan::BootProtocol::kElf64:
            return load_elf64(context);
        case plan::BootProtocol::kPvh:
            return load_pvh(context);
        case plan::BootProtocol::kLinux64:
            return load_linux64(context);
        case plan::BootProtocol::kMultiboot1:
            return load_multiboot1(context);
        case plan::BootProtocol::kFirmware:
            return load_firmware(context);
    }
    NYX_CHECK(false, "a plan with boot protocol {}", static_cast<int>(context.plan.boot.protocol));
}

}  // namespace

Result<InitialState> load(const plan::MachinePlan& plan, const Images& images, dev::GuestMemory& memory) {
    Placement placement(plan, memory);
    auto state = load_by_protocol({plan, images, placement});
    if (!state) return fail(std::move(state).error().in("boot"));
    return state;
}

Status load_tables(const plan::MachinePlan& plan, const std::map<std::string, ByteView>& sections,
                   dev::GuestMemory& memory) {
    for (const plan::TableLoad& table : plan.tables) {
        auto section = sections.find(table.section);
        if (section == sections.end())
            return fail(ErrorCode::kCorrupt, "the bundle has no section '{}'", table.section);
        if (section->second.size() != table.size) {
            return fail(ErrorCode::kCorrupt, "section '{}' has {} bytes, the plan says {}", table.section,
                        section->second.size(), table.size);
        }
        if (auto done = memory.write(table.address, section->second); !done) {
            return fail(std::move(done).error().in(fmt::format("section '{}'", table.section)));
        }
    }
    return {};
}

Status put_cmdline(const LoadContext& context, std::uint64_t max) {
    const std::string& cmdline = context.plan.boot.cmdline;
    if (cmdline.size() > max) {
        return fail(ErrorCode::kResource, "the command line has {} characters, the image reads {}", cmdline.size(),
                    max);
    }
    return context.placement.put_structure(
        "the command line", context.at().cmdline, plan::BootAddresses::kCmdlineSize,
        {reinterpret_cast<const std::uint8_t*>(cmdline.c_str()), cmdline.size() + 1});
}

Status put_initrd(const LoadContext& context, std::uint64_t address_max) {
    if (!context.images.initrd) return {};
    const Range range{context.at().initrd, context.images.initrd->size()};
    if (range.size > 0 && range.end() - 1 > address_max) {
        return fail(ErrorCode::kResource, "the initrd ends at {:#x}, the kernel reads it up to {:#x}", range.end() - 1,
                    address_max);
    }
    return context.placement.put("the initrd", range.base, *context.images.initrd);
}

}  // namespace nyx::boot

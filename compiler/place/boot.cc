#include "compiler/place/boot.h"

#include <algorithm>

#include "compiler/place/boot_memory.h"
#include "compiler/place/format.h"
#include "compiler/place/images.h"
#include "compiler/place/memory_map.h"
#include "runtime/image/image.h"

namespace nyx::place {

using diagnostics::Code;
using plan::BootProtocol;
using SourcedImage = model::Sourced<model::Image>;

namespace {

constexpr std::uint64_t kDefaultInitrdMax = 0x7FFFFFFF;  // what kernels without the field accept (boot.rst)
constexpr std::uint64_t kLinuxCmdlineMax = 2047;         // COMMAND_LINE_SIZE of x86 without its NUL

// One overload a boot protocol; each fills plan.boot.
class BootPlacer {
  public:
    BootPlacer(const model::Machine& machine, PlacedMachine& placed, diagnostics::Sink& sink, const DigestOf& digest_of)
        : placed_(placed),
          boot_(placed.plan.boot),
          sink_(sink),
          digest_of_(digest_of),
          memory_(machine, placed.plan, placed.plan.acpi, sink) {}

    void operator()(const model::BootLinux& boot) {
        boot_.image = "kernel";
        std::uint64_t initrd_max = kDefaultInitrdMax;
        std::uint64_t cmdline_max = kLinuxCmdlineMax;
        if (auto info = inspect(boot.kernel)) {
            if (const auto* elf = std::get_if<image::Elf>(&info->format)) {
                place_vmlinux(boot.kernel, *elf);
            } else if (const auto* kernel = std::get_if<image::BzImage>(&info->format)) {
                place_bzimage(boot.kernel, *kernel);
                initrd_max = kernel->initrd_addr_max;
                cmdline_max = kernel->cmdline_size;
            } else {
                wrong_format(boot.kernel, fmt::format("it is {}, not a Linux kernel", info->kind()),
                             "give a bzImage (vmlinuz) or an ELF vmlinux");
            }
        }
        set_cmdline(boot.cmdline, cmdline_max);
        memory_.place_structures({kGdt, kStack, kBootParams, kCmdline});
        if (boot_.protocol == BootProtocol::kLinux64) memory_.place_structures({kPageTables});
        place_initrd(boot.initrd, initrd_max);
    }

    void operator()(const model::BootPvh& boot) {
        boot_.image = "kernel";
        if (auto elf = open_as(boot.image, image::inspect_elf)) place_pvh(boot.image, *elf);
        set_cmdline(boot.cmdline, plan::BootAddresses::kCmdlineSize - 1);
        memory_.place_structures({kGdt, kStack, kBootParams, kCmdline});
        place_initrd(boot.initrd, kDefaultInitrdMax);
    }

    void operator()(const model::BootElf& boot) {
        boot_ = {BootProtocol::kElf64, "kernel", {}, {}, 0, 0, plan::EntryMode::kLong64, {}};
        if (auto elf = open_as(boot.image, image::inspect_elf)) {
            if (!elf->is_64)
                wrong_format(boot.image, "it is a 32-bit ELF file",
                             "`boot = elf(...)` enters in 64-bit mode; use pvh(...) or multiboot(...)");
            for (const image::Segment& segment : elf->segments) memory_.claim_image(boot.image, segment.memory);
        }
        memory_.place_structures({kGdt, kStack, kPageTables});
    }

    void operator()(const model::BootMultiboot& boot) {
        boot_.protocol = BootProtocol::kMultiboot1;
        boot_.mode = plan::EntryMode::kProtected32;
        boot_.image = "kernel";
        if (auto info = inspect(boot.image)) {
            if (!info->multiboot) {
                wrong_format(boot.image, "it has no multiboot header in its first 8 KiB",
                             "build it with a multiboot 1 header");
            } else if (info->multiboot->addresses) {
                memory_.claim_image(boot.image, info->multiboot->addresses->segment.memory);
            } else if (const auto* elf = std::get_if<image::Elf>(&info->format)) {
                for (const image::Segment& segment : elf->segments) memory_.claim_image(boot.image, segment.memory);
            }
        }
        set_cmdline(boot.cmdline, plan::BootAddresses::kCmdlineSize - 1);
        memory_.place_structures({kGdt, kStack, kBootParams, kCmdline});
        place_initrd(boot.module, kDefaultInitrdMax);
    }

    void operator()(const model::BootFlat& boot) {
        boot_ = {BootProtocol::kFlat,      "kernel", {}, {}, boot.load.value, boot.entry.value,
                 mode_of(boot.mode.value), {}};
        if (auto bytes = open("kernel", boot.image)) {
            memory_.claim_image(boot.image, {boot.load.value, bytes->size()},
                                boot.load.is_default ? Span{} : boot.load.where);
            check_entry(boot, bytes->size());
        }
        memory_.place_structures({kStack});
        if (boot_.mode != plan::EntryMode::kReal16) memory_.place_structures({kGdt});
        if (boot_.mode == plan::EntryMode::kLong64) memory_.place_structures({kPageTables});
    }

    void operator()(const model::BootFirmware& boot) {
        boot_ = {BootProtocol::kFirmware, "firmware", {}, {}, 0, 0, plan::EntryMode::kReal16, {}};
        auto bytes = open("firmware", boot.image);
        if (!bytes) return;
        if (Status fits = image::check_firmware(*bytes); !fits)
            return wrong_format(boot.image, fits.error().message, fits.error().hint);
        boot_.load = kFourGiB - bytes->size();
        add_firmware_window(placed_.plan, bytes->size());
    }

  private:
    static plan::EntryMode mode_of(model::EntryMode mode) {
        switch (mode) {
            case model::EntryMode::kReal16:
                return plan::EntryMode::kReal16;
            case model::EntryMode::kProtected32:
                return plan::EntryMode::kProtected32;
            case model::EntryMode::kLong64:
                return plan::EntryMode::kLong64;
        }
        return plan::EntryMode::kLong64;
    }

    // Opens the image and enters it into the plan. The view lives as long as placed_.
    std::optional<ByteView> open(const char* id, const SourcedImage& image) {
        std::optional<PlacedImage> opened = open_image(id, image, sink_);
        if (!opened) return std::nullopt;
        ByteView bytes = opened->bytes();
        Digest digest = digest_of_ ? digest_of_(opened->path, bytes) : sha256(bytes);
        placed_.plan.images.push_back({id, digest, bytes.size()});
        placed_.images.push_back(std::move(*opened));
        return bytes;
    }

    template <class T>
    std::optional<T> open_as(const SourcedImage& image, Result<T> (*reader)(ByteView)) {
        auto bytes = open("kernel", image);
        if (!bytes) return std::nullopt;
        Result<T> read = reader(*bytes);
        if (read) return std::move(*read);
        wrong_format(image, read.error().message, read.error().hint);
        return std::nullopt;
    }
    std::optional<image::ImageInfo> inspect(const SourcedImage& image) { return open_as(image, image::inspect); }

    void wrong_format(const SourcedImage& image, const std::string& why, const std::string& help) {
        auto& finding = sink_.report(Code::kImageFormat, image.where,
                                     fmt::format("'{}' cannot be booted like this: {}", image.value.written, why));
        if (!help.empty()) finding.help(help);
    }

    void place_pvh(const SourcedImage& image, const image::Elf& elf) {
        boot_.protocol = BootProtocol::kPvh;
        boot_.mode = plan::EntryMode::kProtected32;
        if (!elf.pvh_entry) {
            wrong_format(image, "it is an ELF file without a PVH entry",
                         "a Linux kernel has one when it is built with CONFIG_PVH=y; a program of your own can be "
                         "started with `boot = elf(...)`");
            return;
        }
        for (const image::Segment& segment : elf.segments) memory_.claim_image(image, segment.memory);
    }

    // A kernel built without CONFIG_PVH is entered as its own decompressor would: in long mode, with a zero page.
    void place_vmlinux(const SourcedImage& image, const image::Elf& elf) {
        if (elf.pvh_entry || !elf.is_64) return place_pvh(image, elf);
        boot_.protocol = BootProtocol::kLinux64;
        boot_.mode = plan::EntryMode::kLong64;
        for (const image::Segment& segment : elf.segments) memory_.claim_image(image, segment.memory);
    }

    void place_bzimage(const SourcedImage& image, const image::BzImage& kernel) {
        boot_.protocol = BootProtocol::kLinux64;
        boot_.mode = plan::EntryMode::kLong64;
        if (!kernel.has_64bit_entry())
            return wrong_format(image, "it is a 32-bit Linux kernel", "give a 64-bit kernel");
        std::uint64_t needed = std::max(kernel.init_size, kernel.protected_mode.size);
        Result<std::uint64_t> load = image::bzimage_load_address(kernel, low_ram_end(placed_.plan));
        boot_.load = load ? *load : kernel.pref_address;
        memory_.claim_image(image, {boot_.load, needed});
    }

    void place_initrd(const std::optional<SourcedImage>& initrd, std::uint64_t address_max) {
        if (!initrd) return;
        std::optional<ByteView> bytes = open("initrd", *initrd);
        if (!bytes) return;
        boot_.initrd = "initrd";
        memory_.place_initrd(*initrd, bytes->size(), address_max);
    }

    void set_cmdline(const model::Sourced<std::string>& cmdline, std::uint64_t max) {
        const std::string& text = cmdline.value;
        max = std::min(max, plan::BootAddresses::kCmdlineSize - 1);
        bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
        if (!printable) {
            sink_
                .report(Code::kCommandLine, cmdline.where,
                        "the command line has a character that is not printable ASCII")
                .help("line breaks and letters beyond ASCII do not reach a kernel");
        } else if (text.size() > max) {
            sink_
                .report(Code::kCommandLine, cmdline.where,
                        fmt::format("the command line has {} characters and the kernel reads {}", text.size(), max))
                .help("shorten it; everything after that would be lost");
        }
        boot_.cmdline = text;
    }

    void check_entry(const model::BootFlat& boot, std::uint64_t size) {
        Range loaded{boot.load.value, size};
        std::uint64_t entry = boot.entry.value;
        if (!checked_add(loaded.base, size)) return;  // reported as too large for the memory
        if (!loaded.contains(entry)) {
            sink_
                .report(Code::kEntryOutside, boot.entry.where,
                        fmt::format("the entry {:#x} is outside the image", entry))
                .label(boot.image.where, fmt::format("is loaded to {}", range_text(loaded)))
                .help(fmt::format("the image's first byte is at {0:#x}: `entry = {0:#x}`", loaded.base))
                .fix({"enter at the first byte",
                      diagnostics::Applicability::kMaybeIncorrect,
                      {{boot.entry.where, fmt::format("{:#x}", loaded.base)}}});
        } else if (boot.mode.value == model::EntryMode::kReal16 && entry >= kOneMiB) {
            sink_
                .report(Code::kEntryOutside, boot.entry.where,
                        fmt::format("real mode cannot reach the entry {:#x}", entry))
                .help("load the image below 1 MiB, or choose another mode");
        }
    }

    PlacedMachine& placed_;
    plan::BootPlan& boot_;
    diagnostics::Sink& sink_;
    const DigestOf& digest_of_;
    BootMemory memory_;
};

}  // namespace

void place_boot(const model::Machine& machine, PlacedMachine& placed, diagnostics::Sink& sink,
                const DigestOf& digest_of) {
    std::visit(BootPlacer(machine, placed, sink, digest_of), machine.boot.value);
    auto& images = placed.plan.images;
    std::sort(images.begin(), images.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    std::sort(placed.images.begin(), placed.images.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
}

}  // namespace nyx::place

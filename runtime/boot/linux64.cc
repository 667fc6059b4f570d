// Linux's 64-bit boot protocol: Documentation/arch/x86/boot.rst, "64-bit Boot Protocol"; zero page: zero-page.rst.
//
// A bzImage is entered 0x200 behind its load address; a vmlinux (ELF64) at its own entry, which expects the same
// registers.
#include <algorithm>

#include "runtime/boot/cpu_modes.h"
#include "runtime/boot/protocols.h"

namespace nyx::boot {
namespace {

constexpr std::size_t kAcpiRsdpAddr = 0x070;
constexpr std::size_t kExtRamdiskImage = 0x0C0;
constexpr std::size_t kExtRamdiskSize = 0x0C4;
constexpr std::size_t kExtCmdLinePtr = 0x0C8;
constexpr std::size_t kE820Entries = 0x1E8;
constexpr std::size_t kSetupHeader = 0x1F1;
constexpr std::size_t kVidMode = 0x1FA;
constexpr std::size_t kBootFlag = 0x1FE;
constexpr std::size_t kHeaderMagic = 0x202;
constexpr std::size_t kVersion = 0x206;
constexpr std::size_t kTypeOfLoader = 0x210;
constexpr std::size_t kLoadFlags = 0x211;
constexpr std::size_t kRamdiskImage = 0x218;
constexpr std::size_t kRamdiskSize = 0x21C;
constexpr std::size_t kCmdLinePtr = 0x228;
constexpr std::size_t kE820Table = 0x2D0;
constexpr std::size_t kMaxE820Entries = 128;
constexpr std::uint64_t kEntryOffset = 0x200;
constexpr std::uint64_t kVmlinuxCmdlineMax = 2047;  // COMMAND_LINE_SIZE of x86 without its NUL

// A zero page in the making; every offset is a constant inside the page.
class ZeroPage {
  public:
    template <class T>
    void set(std::size_t at, T value) {
        store_le(page_.data() + at, value);
    }
    void copy(std::size_t at, ByteView part) {
        std::ranges::copy(part, page_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    // A 64-bit address whose high half stands elsewhere.
    void set_split(std::size_t low, std::size_t high, std::uint64_t value) {
        set(low, static_cast<std::uint32_t>(value));
        set(high, static_cast<std::uint32_t>(value >> 32));
    }
    ByteView bytes() const { return page_; }

  private:
    Bytes page_ = Bytes(0x1000);
};

Status set_e820(ZeroPage& page, const std::vector<plan::E820Entry>& e820) {
    if (e820.size() > kMaxE820Entries)
        return fail(ErrorCode::kResource, "{} entries in the memory map, Linux takes 128", e820.size());
    page.set(kE820Entries, static_cast<std::uint8_t>(e820.size()));
    std::size_t at = kE820Table;
    for (const plan::E820Entry& entry : e820) {
        page.set(at, entry.range.base);
        page.set(at + 8, entry.range.size);
        page.set(at + 16, entry.type);
        at += 20;
    }
    return {};
}

// Everything but the setup header that came from the kernel.
Status fill(ZeroPage& page, const LoadContext& context) {
    page.set<std::uint64_t>(kAcpiRsdpAddr, context.plan.rsdp);
    page.set<std::uint16_t>(kVidMode, 0xFFFF);  // normal: there is no screen
    page.set<std::uint8_t>(kTypeOfLoader, 0xFF);
    page.set_split(kCmdLinePtr, kExtCmdLinePtr, context.at().cmdline);
    if (context.images.initrd) {
        page.set_split(kRamdiskImage, kExtRamdiskImage, context.at().initrd);
        page.set_split(kRamdiskSize, kExtRamdiskSize, context.images.initrd->size());
    }
    return set_e820(page, context.plan.e820);
}

Result<InitialState> enter(const LoadContext& context, const ZeroPage& page, std::uint64_t entry) {
    NYX_TRY(context.placement.put_structure("the zero page", context.at().boot_params,
                                            plan::BootAddresses::kBootParamsSize, page.bytes()));
    NYX_ASSIGN(InitialState state, long_mode(context.at(), entry, context.placement));
    state.rsi = context.at().boot_params;
    return state;
}

Result<InitialState> load_bzimage(const LoadContext& context) {
    const ByteView file = context.images.image;
    const std::uint64_t load = context.plan.boot.load;
    NYX_ASSIGN(const image::BzImage kernel, image::inspect_bzimage(file));
    if (!kernel.has_64bit_entry()) return fail(ErrorCode::kUnsupported, "a 32-bit bzImage: it has no 64-bit entry");
    if (!kernel.relocatable && load != kernel.pref_address) {
        return fail(ErrorCode::kInvalidArgument, "the kernel runs only at {:#x}, the plan has it at {:#x}",
                    kernel.pref_address, load);
    }
    if (kernel.relocatable && load % kernel.kernel_alignment != 0) {
        return fail(ErrorCode::kInvalidArgument, "the kernel's address {:#x} is not a multiple of {:#x}", load,
                    kernel.kernel_alignment);
    }
    // init_size from here is the kernel's own until it has unpacked itself; only the file's part is written.
    const image::Segment segment{.file = kernel.protected_mode, .memory = {load, kernel.protected_mode.size}};
    NYX_TRY(context.placement.put_segment("the kernel", file, segment));
    NYX_TRY(context.placement.reserve("room for the kernel to unpack",
                                      {segment.memory.end(), kernel.init_size - segment.memory.size}));
    NYX_TRY(put_initrd(context, kernel.initrd_addr_max));
    NYX_TRY(put_cmdline(context, kernel.cmdline_size));
    ZeroPage page;
    page.copy(kSetupHeader, file.subspan(kernel.setup_header.base, kernel.setup_header.size));
    NYX_TRY(fill(page, context));
    return enter(context, page, load + kEntryOffset);
}

// A vmlinux has no setup header of its own: one that says as much as a kernel without its decompressor reads.
Result<InitialState> load_vmlinux(const LoadContext& context, const image::Elf& elf) {
    if (!elf.is_64) return fail(ErrorCode::kUnsupported, "a 32-bit vmlinux");
    NYX_TRY(context.placement.put_segments("the kernel", context.images.image, elf.segments));
    NYX_TRY(put_initrd(context, 0x7FFFFFFF));
    NYX_TRY(put_cmdline(context, kVmlinuxCmdlineMax));
    ZeroPage page;
    page.set<std::uint16_t>(kBootFlag, 0xAA55);
    page.copy(kHeaderMagic, as_bytes("HdrS"));
    page.set<std::uint16_t>(kVersion, 0x20C);
    page.set<std::uint8_t>(kLoadFlags, 1);  // LOADED_HIGH
    NYX_TRY(fill(page, context));
    return enter(context, page, elf.entry);
}

}  // namespace

Result<InitialState> load_linux64(const LoadContext& context) {
    auto info = image::inspect(context.images.image);
    if (!info) return fail(std::move(info).error());
    if (const auto* elf = std::get_if<image::Elf>(&info->format)) return load_vmlinux(context, *elf);
    return load_bzimage(context);
}

}  // namespace nyx::boot

// PC firmware: the image ends at 4 GiB, its last 128 KiB also end at 1 MiB, and the processor starts as after a reset
// (Intel SDM volume 3 §9.1.4: the first instruction is at 0xFFFFFFF0).
#include <algorithm>

#include "runtime/boot/cpu_modes.h"
#include "runtime/boot/protocols.h"

namespace nyx::boot {
namespace {

constexpr std::uint64_t kFourGiB = std::uint64_t{1} << 32;
constexpr std::uint64_t kOneMiB = 0x100000;
constexpr std::uint64_t kShadowSize = 0x20000;
constexpr std::uint64_t kCr0Reset = 0x60000010;   // CD, NW, ET
constexpr std::uint64_t kRdxFamily6 = 0x600;      // family and model; CPUID says more
constexpr std::uint64_t kResetBase = 0xFFFF0000;  // of CS, whose selector is 0xF000 until the first far jump
constexpr std::uint64_t kResetOffset = 0xFFF0;

InitialState reset_state() {
    InitialState state = real_mode(0, 0);
    state.cs.base = kResetBase;
    state.cs.selector = 0xF000;
    state.rip = kResetOffset;
    state.rdx = kRdxFamily6;
    state.cr0 = kCr0Reset;
    state.idt.limit = 0xFFFF;
    return state;
}

}  // namespace

// The shadow is RAM: firmware writes its variables there.
Result<InitialState> load_firmware(const LoadContext& context) {
    const ByteView file = context.images.image;
    NYX_TRY(image::check_firmware(file));
    const std::uint64_t size = std::min<std::uint64_t>(file.size(), kShadowSize);
    NYX_TRY(context.placement.put("the firmware's shadow", kOneMiB - size, file.last(size)));
    return reset_state();
}

Result<std::vector<Rom>> roms(const plan::MachinePlan& plan, const Images& images) {
    if (plan.boot.protocol != plan::BootProtocol::kFirmware) return std::vector<Rom>{};
    NYX_TRY(image::check_firmware(images.image));
    const Range range{kFourGiB - images.image.size(), images.image.size()};
    for (const plan::RamRegion& ram : plan.ram) {
        if (ram.range.overlaps(range))
            return fail(ErrorCode::kCorrupt, "the firmware at {:#x} lies over RAM", range.base);
    }
    return std::vector<Rom>{{.address = range.base, .bytes = images.image}};
}

}  // namespace nyx::boot

// The library's way in: a compiler of regions for a runtime whose Cpu looks like ours.
#include "runtime/soft/jit/llvm/machine_code.h"
#include "runtime/soft/jit/llvm/region_builder.h"
#include "runtime/soft/jit/plugin.h"

namespace nyx::soft {
namespace {

class LlvmCompiler final : public RegionCompiler {
  public:
    explicit LlvmCompiler(const CpuLayout& layout) : templates_(layout) {}

    std::optional<Region> compile(const RegionRequest& request) override {
        GuestCode code(templates_, request);
        if (code.instructions() < kFewest && !code.has_loop()) return std::nullopt;
        if (code.blocks().front().ops.front().code == nullptr) return std::nullopt;
        llvm::Function* function = RegionBuilder(templates_, code).build();
        if (function == nullptr) return std::nullopt;
        auto made = machine_code_.make(*function);
        if (!made) return std::nullopt;
        Region region;
        region.code = reinterpret_cast<void (*)(Cpu&)>(made->address);
        region.longest = code.blocks().front().longest;
        region.last_rip = code.last_rip();
        region.lines = code.lines();
        region.instructions = static_cast<std::uint32_t>(code.instructions());
        region.bytes = static_cast<std::uint32_t>(made->size);
        region.memory = std::move(made->memory);
        return region;
    }

  private:
    static constexpr std::uint64_t kFewest = 8;
    Templates templates_;
    MachineCode machine_code_;
};

}  // namespace
}  // namespace nyx::soft

extern "C" nyx::soft::RegionCompiler* nyx_soft_make_compiler(const nyx::soft::CpuLayout& layout) {
    if (layout != nyx::soft::CpuLayout::of_this_build()) return nullptr;
    return new nyx::soft::LlvmCompiler(layout);
}

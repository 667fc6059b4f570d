#include "bench/dispatch/nyx_bus.h"

#include <functional>
#include <map>

#include "devices/catalog.h"
#include "runtime/base/check.h"

namespace nyx::bench {

NyxBus::NyxBus(const Board& board, Devices devices, std::uint32_t vcpus, const jit::ExitCode* code)
    : plan_(board.plan) {
    plan_.cpu.count = vcpus;
    vm::Blueprint blueprint;
    blueprint.plan = &plan_;
    blueprint.output = [this](const std::string&) -> dev::ByteSink& { return around_.output; };
    blueprint.create_device = [&](const plan::DevicePlan& plan,
                                  const dev::Environment& environment) -> Result<std::unique_ptr<dev::Device>> {
        if (devices == Devices::kClasses) return as_class(board, plan, environment);
        return dev::create(plan, environment, *board.programs);
    };
    if (code != nullptr) blueprint.native = &code->functions();
    auto made = vm::DeviceSet::create(blueprint, {around_.irqs,
                                                  [](const auto&) {},
                                                  around_.clock,
                                                  around_.timers,
                                                  around_.control,
                                                  around_.dma,
                                                  *around_.loop,
                                                  around_.messages,
                                                  {}});
    NYX_CHECK(made, "{}", made.error().message);
    devices_ = std::move(*made);
}

codegen::HotAccesses NyxBus::hottest(const Caller& caller) const {
    constexpr std::size_t kMost = 6;
    std::multimap<std::uint64_t, codegen::HotAccess, std::greater<>> found;
    for (const vm::DeviceSlot& slot : devices_->slots()) {
        const auto registers = slot.device->registers();
        for (std::size_t i = 0; i < 2 * registers.size(); ++i)
            found.emplace(caller.counters.registers(slot.first_counter + i),
                          codegen::HotAccess{slot.name, std::string(registers[i / 2].name), i % 2 == 1});
    }
    codegen::HotAccesses hot;
    for (const auto& [count, access] : found)
        if (hot.size() < kMost && count != 0) hot.push_back(access);
    return hot;
}

std::unique_ptr<jit::ExitCode> compiled(const Board& board, const codegen::HotAccesses& hot) {
    auto object = codegen::exit_object({board.plan, *board.programs, hot}, plan::kCodeLevels[jit::host_level()]);
    NYX_CHECK(object, "{}", object.error().message);
    auto linked = jit::ExitCode::link(*object);
    NYX_CHECK(linked, "{}", linked.error().message);
    return std::move(*linked);
}

}  // namespace nyx::bench

#include "runtime/machine/native_access.h"

#include <array>

#include "runtime/base/bytes.h"

namespace nyx::vm {

// plan::ExitHost, by what `accessor` is.
struct NativeCalls {
    static constexpr int kPatience = 100;

    static NativeAccess::Call& of(void* accessor) { return *static_cast<NativeAccess::Call*>(accessor); }

    static std::uint64_t read(void* accessor, std::uint32_t device, std::uint32_t region, std::uint64_t offset,
                              std::uint32_t width) {
        const NativeAccess::Call& call = of(accessor);
        return read_device(call.slot(device), {region, offset, static_cast<std::uint8_t>(width)}, call.accessor);
    }
    static void write(void* accessor, std::uint32_t device, std::uint32_t region, std::uint64_t offset,
                      std::uint32_t width, std::uint64_t value) {
        const NativeAccess::Call& call = of(accessor);
        write_device(call.slot(device), {region, offset, static_cast<std::uint8_t>(width)}, value, call.accessor);
    }
    static std::uint64_t read_other(void* accessor, plan::Space space, std::uint64_t address, std::uint32_t width) {
        const NativeAccess::Call& call = of(accessor);
        std::array<std::uint8_t, 8> data{};
        call.native.table_.read_by_table(space_of(space), address, std::span(data).first(width), call.accessor);
        return load_le<std::uint64_t>(data.data());
    }
    static void write_other(void* accessor, plan::Space space, std::uint64_t address, std::uint32_t width,
                            std::uint64_t value) {
        const NativeAccess::Call& call = of(accessor);
        std::array<std::uint8_t, 8> data{};
        store_le(data.data(), value);
        call.native.table_.write_by_table(space_of(space), address, std::span(data).first(width), call.accessor);
    }
    // Most of what others do inside takes less than to be put to sleep.
    static void lock(void* accessor, std::uint32_t device) {
        std::mutex& mutex = of(accessor).slot(device).lock;
        for (int i = 0; i < kPatience; ++i) {
            if (mutex.try_lock()) return;
            __builtin_ia32_pause();
        }
        mutex.lock();
    }
    static void unlock(void* accessor, std::uint32_t device) { of(accessor).slot(device).lock.unlock(); }
    static void prepare(void* accessor, std::uint32_t device) {
        DeviceSlot& slot = of(accessor).slot(device);
        if (slot.doorbells != nullptr) slot.doorbells->ring();
    }

  private:
    static Space space_of(plan::Space space) { return space == plan::Space::kPio ? Space::kPio : Space::kMmio; }
};

NativeAccess::NativeAccess(const plan::ExitFunctions& functions, std::deque<DeviceSlot>& slots,
                           const AddressSpace& table)
    : functions_(functions),
      table_(table),
      host_{NativeCalls::read, NativeCalls::write,  NativeCalls::read_other, NativeCalls::write_other,
            NativeCalls::lock, NativeCalls::unlock, NativeCalls::prepare,    nullptr} {
    for (DeviceSlot& slot : slots) slots_.push_back(&slot);
}

Result<std::unique_ptr<NativeAccess>> NativeAccess::create(const plan::ExitFunctions& functions,
                                                           const plan::MachinePlan& plan, std::deque<DeviceSlot>& slots,
                                                           const AddressSpace& table) {
    std::unique_ptr<NativeAccess> native(new NativeAccess(functions, slots, table));
    if (plan.cpu.count == 1 && !DeviceGate::prepare())
        return fail(ErrorCode::kUnsupported, "this kernel has no membarrier(2)");
    NYX_TRY(native->attach(plan));
    return native;
}

Status NativeAccess::attach(const plan::MachinePlan& plan) {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        DeviceSlot& slot = *slots_[i];
        const bool has_code =
            plan.programs.contains(slot.type) && plan.devices[i].gsis.size() <= dev::ir::kMaxNativeLines;
        contexts_.push_back(has_code ? &slot.native : nullptr);
        if (!has_code) continue;
        slot.native.gate = &slot.gate.words();
        slot.native.first_counter = slot.first_counter;
        if (!slot.device->attach_native(slot.native))
            return fail(ErrorCode::kUnsupported, "device '{}' is not run by its description", slot.name);
        if (plan.cpu.count == 1) slot.gate.use();
    }
    host_.devices = contexts_.data();
    return {};
}

}  // namespace nyx::vm

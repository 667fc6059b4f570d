#include "runtime/machine/native_access.h"

#include <array>

#include "runtime/base/bytes.h"
#include "runtime/base/log.h"

namespace nyx::vm {

// plan::ExitHost, by what `caller` is.
struct NativeCalls {
    static constexpr int kPatience = 100;

    static NativeAccess::Call& of(plan::ExitCaller* caller) { return static_cast<NativeAccess::Call&>(*caller); }

    static std::uint64_t read(plan::ExitCaller* caller, std::uint32_t device, std::uint32_t region,
                              std::uint64_t offset, std::uint32_t width) {
        const NativeAccess::Call& call = of(caller);
        return read_device(call.slot(device), {region, offset, static_cast<std::uint8_t>(width)}, call.accessor);
    }
    static void write(plan::ExitCaller* caller, std::uint32_t device, std::uint32_t region, std::uint64_t offset,
                      std::uint32_t width, std::uint64_t value) {
        const NativeAccess::Call& call = of(caller);
        write_device(call.slot(device), {region, offset, static_cast<std::uint8_t>(width)}, value, call.accessor);
    }
    static std::uint64_t read_other(plan::ExitCaller* caller, plan::Space space, std::uint64_t address,
                                    std::uint32_t width) {
        const NativeAccess::Call& call = of(caller);
        std::array<std::uint8_t, 8> data{};
        call.native.table_.read_by_table(space_of(space), address, std::span(data).first(width), call.accessor);
        return load_le<std::uint64_t>(data.data());
    }
    static void write_other(plan::ExitCaller* caller, plan::Space space, std::uint64_t address, std::uint32_t width,
                            std::uint64_t value) {
        const NativeAccess::Call& call = of(caller);
        std::array<std::uint8_t, 8> data{};
        store_le(data.data(), value);
        call.native.table_.write_by_table(space_of(space), address, std::span(data).first(width), call.accessor);
    }
    static void lock(plan::ExitCaller* caller, std::uint32_t device) {
        DeviceSlot& slot = of(caller).slot(device);
        take(slot.lock);
        slot.gate.enter(caller->vcpu);
    }
    static void unlock(plan::ExitCaller* caller, std::uint32_t device) { of(caller).slot(device).lock.unlock(); }
    static void prepare(plan::ExitCaller* caller, std::uint32_t device) {
        DeviceSlot& slot = of(caller).slot(device);
        if (slot.doorbells != nullptr) slot.doorbells->ring();
    }

  private:
    // Most of what others do inside takes less than to be put to sleep.
    static void take(std::mutex& mutex) {
        for (int i = 0; i < kPatience; ++i) {
            if (mutex.try_lock()) return;
            __builtin_ia32_pause();
        }
        mutex.lock();
    }
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
    NYX_TRY(native->attach(plan));
    return native;
}

// Without a barrier for others nobody owns a device: everybody takes its lock.
Status NativeAccess::attach(const plan::MachinePlan& plan) {
    const bool may_own = DeviceGate::prepare();
    if (!may_own) log_info("this kernel has no membarrier(2): every access of a device takes its lock");
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        DeviceSlot& slot = *slots_[i];
        const bool has_code =
            plan.programs.contains(slot.type) && plan.devices[i].gsis.size() <= dev::ir::kMaxNativeLines;
        contexts_.push_back(has_code ? &slot.native : nullptr);
        if (!has_code) continue;
        slot.native.gate = &slot.gate.word();
        slot.native.first_counter = slot.first_counter;
        if (!slot.device->attach_native(slot.native))
            return fail(ErrorCode::kUnsupported, "device '{}' is not run by its description", slot.name);
        if (may_own) slot.gate.use(plan.cpu.count == 1 ? DeviceGate::kOneVcpu : DeviceGate::kSeveralVcpus);
    }
    host_.devices = contexts_.data();
    return {};
}

}  // namespace nyx::vm

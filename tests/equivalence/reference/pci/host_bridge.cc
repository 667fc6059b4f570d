#include "tests/equivalence/reference/pci/host_bridge.h"

#include <mutex>

#include "devices/kit/register_table.h"

namespace nyx::dev::pci {
namespace {

constexpr Register kRegisters[] = {
    {"config_data", HostBridge::kData, 0, 4, RegisterKind::kReadWrite, 0xFFFFFFFF, {}},
};

// A generic host bridge, as QEMU's gpex calls itself: guests know of no errata.
constexpr Identity kIdentity{.vendor = 0x1B36, .device = 0x0008, .class_code = 0x060000};

}  // namespace

HostBridge::HostBridge() : own_(kIdentity) {
    own_.seal();
}

std::span<const Register> HostBridge::registers() const {
    return kRegisters;
}

std::uint32_t HostBridge::select(const Access& access, bool is_write) const {
    return find_register(kRegisters, access, is_write);
}

bool HostBridge::attach(std::uint32_t slot, PciFunction& function, FunctionLock& lock) {
    if (slot == 0 || slot >= kSlots || slots_.at(slot).function != nullptr) return false;
    slots_.at(slot) = {&function, &lock};
    return true;
}

// Mechanism #1: enable, bus, device, function, register. ECAM: the same in an address.
std::optional<HostBridge::Target> HostBridge::target(const Access& access) const {
    std::uint32_t which = 0, offset = 0;
    if (access.region == kData) {
        if ((address_ & kConfigEnable) == 0) return std::nullopt;
        which = address_ >> 8 & 0xFFFF;
        offset = (address_ & 0xFC) + static_cast<std::uint32_t>(access.offset);
    } else {
        which = static_cast<std::uint32_t>(access.offset / kEcamFunction);
        offset = static_cast<std::uint32_t>(access.offset % kEcamFunction);
    }
    // Bus 0, function 0 only; an access may not run into the next function.
    if (which >= kSlots * 8 || which % 8 != 0 || access.width > 4 || offset % access.width != 0) return std::nullopt;
    return Target{which / 8, offset};
}

std::uint32_t HostBridge::read_config(Target target, unsigned width) {
    if (target.slot == 0) return own_.read(target.offset, width);
    Attached& attached = slots_.at(target.slot);
    if (attached.function == nullptr) return static_cast<std::uint32_t>(width_mask(width));
    std::lock_guard guard(*attached.lock);
    return attached.function->read_config(target.offset, width);
}

void HostBridge::write_config(Target target, unsigned width, std::uint32_t value) {
    if (target.slot == 0) return own_.write(target.offset, width, value);
    Attached& attached = slots_.at(target.slot);
    if (attached.function == nullptr) return;
    std::lock_guard guard(*attached.lock);
    attached.function->write_config(target.offset, width, value);
}

std::uint64_t HostBridge::read(const Access& access) {
    if (access.region == kAddress) return access.width == 4 ? address_ : width_mask(access.width);
    auto which = target(access);
    return which ? read_config(*which, access.width) : width_mask(access.width);
}

void HostBridge::write(const Access& access, std::uint64_t value) {
    if (access.region == kAddress) {
        if (access.width == 4) address_ = static_cast<std::uint32_t>(value);
    } else if (auto which = target(access)) {
        write_config(*which, access.width, static_cast<std::uint32_t>(value));
    }
}

void HostBridge::reset() {
    address_ = 0;
    own_.reset();
}

void HostBridge::save(StateWriter& state) const {
    state.field(1, address_);
    state.field(2, own_.bytes());
}

Status HostBridge::restore(StateReader& state) {
    std::uint32_t address = 0;
    ConfigSpace::Bytes256 bytes = own_.bytes();
    state.field(1, address);
    state.field(2, bytes);
    NYX_TRY(state.finish());
    address_ = address;
    own_.restore(bytes);
    return {};
}

namespace {

constexpr RegionSpec kRegions[] = {
    {"config_address", Space::kPio, 1, 0xCF8},  // 32 bits wide; port 0xCF9 beside it is the reset register
    {"config_data", Space::kPio, 4, 0xCFC},
    {"ecam", Space::kMmio, kEcamBus, 0xE0000000},
};

std::unique_ptr<Device> create(SettingValues, const Environment&) {
    return std::make_unique<HostBridge>();
}

}  // namespace

constinit const DeviceType kType = {
    .name = "pci",
    .title = "PCI host bridge (PCI 3.0, configuration mechanism #1 and ECAM)",
    .regions = kRegions,
    .lines = {},
    .settings = {},
    .create = create,
};

}  // namespace nyx::dev::pci

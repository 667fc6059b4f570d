#include "devices/virtio/pci.h"

#include "devices/kit/register_table.h"

namespace nyx::dev::virtio {
namespace {

// A page each, so that each can be served in its own way.
constexpr std::uint32_t kCommon = 0x0000, kIsr = 0x1000, kConfig = 0x2000, kNotify = 0x3000, kTable = 0x4000,
                        kPending = 0x5000, kPart = 0x1000;
constexpr std::uint32_t kCommonSize = 0x38;
constexpr std::uint32_t kNotifyMultiplier = 4;
// Those that the description has.
struct Part {
    Bank bank;
    std::uint32_t offset;
};
constexpr Part kParts[] = {{Bank::kCommon, kCommon}, {Bank::kIsr, kIsr}, {Bank::kNotifications, kNotify}};

// §4.1.4: configuration types
enum CapType : std::uint8_t { kCommonCfg = 1, kNotifyCfg = 2, kIsrCfg = 3, kDeviceCfg = 4, kPciCfg = 5 };
// In a capability: cap_len, cfg_type, bar, id, padding, offset, length; then pci_cfg_data.
constexpr std::uint32_t kCapBar = 4, kCapOffset = 8, kCapLength = 12, kCapData = 16;

// §4.1.2; the class is what guests show: mass storage, network, communication, or none of them.
pci::Identity identity_of(DeviceId id) {
    const std::uint32_t class_code = id == DeviceId::kBlock     ? 0x018000
                                     : id == DeviceId::kNetwork ? 0x020000
                                     : id == DeviceId::kConsole ? 0x078000
                                                                : 0xFF0000;
    const auto device = static_cast<std::uint16_t>(0x1040 + static_cast<std::uint32_t>(id));
    return {.vendor = 0x1AF4,
            .device = device,
            .revision = 1,
            .class_code = class_code,
            .subsystem_vendor = 0x1AF4,
            .subsystem = device};
}

Bytes capability(CapType type, std::uint32_t offset, std::uint32_t length, std::uint32_t more_size = 0,
                 std::uint32_t more = 0) {
    ByteWriter out;
    out.write(static_cast<std::uint8_t>(16 + more_size));
    out.write(static_cast<std::uint8_t>(type));
    out.write(std::uint32_t{0});  // BAR 0, id 0
    out.write(offset);
    out.write(length);
    if (more_size != 0) out.write(more);
    return out.take();
}

}  // namespace

PciDevice::PciDevice(std::unique_ptr<Model> model, const Placement& placement, const Environment& environment)
    : line_(*environment.lines.front()),
      msix_(Transport::vectors_of(*model), environment.messages),
      config_(identity_of(model->id())),
      transport_(std::move(model), environment, pin_, [this](std::uint16_t vector) { msix_.signal(vector); }) {
    config_.add_memory(placement.memory, kMemorySize);
    config_.add_interrupt(placement.line);
    add_capabilities();
    config_.seal();
    for (const Part& part : kParts) {
        firsts_.push_back(static_cast<std::uint32_t>(registers_.size()));
        transport_.list(part.bank, part.offset, registers_);
    }
    transport_.list_config(kConfig, registers_);
    exit_free_ = transport_.exit_free(Bank::kNotifications, kNotify);
}

std::uint32_t PciDevice::select(const Access& access, bool is_write) const {
    for (std::size_t i = 0; i < std::size(kParts); ++i) {
        if (access.offset / kPart * kPart != kParts[i].offset) continue;
        const std::uint32_t reg = transport_.select(kParts[i].bank, access.offset % kPart, access.width, is_write);
        return reg == kNoRegister ? reg : firsts_[i] + reg;
    }
    return find_register(registers_, access, is_write);
}

std::uint64_t PciDevice::read(const Access& access) {
    return config_.decodes_memory() ? read_memory(access.offset, access.width) : width_mask(access.width);
}

void PciDevice::write(const Access& access, std::uint64_t value) {
    if (config_.decodes_memory()) write_memory(access.offset, access.width, value);
}

void PciDevice::add_capabilities() {
    const auto vectors = static_cast<std::uint16_t>(msix_.vectors() - 1);
    ByteWriter msix;
    msix.write(vectors);
    msix.write(kTable);
    msix.write(kPending);
    const std::uint8_t control[] = {0, (pci::kMsixEnable | pci::kMsixFunctionMask) >> 8};
    msix_at_ = config_.add_capability(pci::kCapMsix, msix.bytes(), control);
    config_.add_capability(pci::kCapVendor, capability(kCommonCfg, kCommon, kCommonSize), {});
    config_.add_capability(pci::kCapVendor, capability(kIsrCfg, kIsr, 1), {});
    config_.add_capability(pci::kCapVendor, capability(kDeviceCfg, kConfig, kPart), {});
    config_.add_capability(pci::kCapVendor, capability(kNotifyCfg, kNotify, kPart, 4, kNotifyMultiplier), {});
    Bytes window = capability(kPciCfg, 0, 0, 4, 0);
    Bytes writable(window.size(), 0);
    for (std::uint32_t at : {kCapBar, kCapOffset, kCapOffset + 1, kCapOffset + 2, kCapOffset + 3, kCapLength,
                             kCapLength + 1, kCapLength + 2, kCapLength + 3})
        writable[at - 2] = 0xFF;
    window_at_ = config_.add_capability(pci::kCapVendor, window, writable);
}

void PciDevice::drive_line() {
    const bool may = !msix_.enabled() && (config_.command() & pci::kCommandInterruptDisable) == 0;
    line_.set(may && pin_.asserted);
}

// §4.1.4.9: 1, 2 or 4 bytes at an aligned offset of BAR 0.
std::optional<Range> PciDevice::config_window() const {
    const std::uint32_t bar = config_.read(window_at_ + kCapBar, 1);
    const std::uint32_t offset = config_.read(window_at_ + kCapOffset, 4);
    const std::uint32_t length = config_.read(window_at_ + kCapLength, 4);
    const bool good = bar == 0 && (length == 1 || length == 2 || length == 4) && offset % length == 0 &&
                      offset <= kMemorySize - length;
    return good ? std::optional(Range{offset, length}) : std::nullopt;
}

std::uint32_t PciDevice::read_config(std::uint32_t offset, unsigned width) {
    if (offset == window_at_ + kCapData) {
        auto window = config_window();
        return window ? static_cast<std::uint32_t>(read_memory(window->base, static_cast<unsigned>(window->size))) : 0;
    }
    return config_.read(offset, width);
}

void PciDevice::write_config(std::uint32_t offset, unsigned width, std::uint32_t value) {
    if (offset == window_at_ + kCapData) {
        if (auto window = config_window())
            write_memory(window->base, static_cast<unsigned>(window->size),
                         value & width_mask(static_cast<unsigned>(window->size)));
        return;
    }
    config_.write(offset, width, value);
    msix_.set_control(config_.word(msix_at_ + 2u));
    transport_.set_msix(msix_.enabled());
    drive_line();
}

std::uint64_t PciDevice::read_memory(std::uint64_t offset, unsigned width) {
    const std::uint64_t in_part = offset % kPart;
    switch (offset - in_part) {
        case kCommon:
            return transport_.read(Bank::kCommon, in_part, width);
        case kIsr:
            return transport_.read(Bank::kIsr, in_part, width);
        case kConfig:
            return transport_.read_config(in_part, width);
        case kTable:
            return msix_.read_table(in_part, width);
        case kPending:
            return msix_.read_pending(in_part, width);
        default:
            return 0;
    }
}

void PciDevice::write_memory(std::uint64_t offset, unsigned width, std::uint64_t value) {
    const std::uint64_t in_part = offset % kPart;
    switch (offset - in_part) {
        case kCommon:
            return transport_.write(Bank::kCommon, in_part, width, value);
        case kConfig:
            return transport_.write_config(in_part, width, value);
        case kNotify:
            return transport_.write(Bank::kNotifications, in_part, width, value);
        case kTable:
            return msix_.write_table(in_part, width, value);
        default:
            return;
    }
}

void PciDevice::reset() {
    config_.reset();
    msix_.reset();
    transport_.reset();
}

// Above those of transport and model.
void PciDevice::save(StateWriter& state) const {
    transport_.save(state);
    state.field(2000, config_.bytes());
    state.bytes(2001, msix_.table());
    state.field(2002, msix_.pending());
}

Status PciDevice::restore(StateReader& state) {
    pci::ConfigSpace::Bytes256 bytes = config_.bytes();
    std::uint64_t pending = 0;
    state.field(2000, bytes);
    const Bytes* table = state.bytes(2001);
    state.field(2002, pending);
    pci::Msix msix = msix_;
    if (!msix.restore(table != nullptr ? ByteView(*table) : ByteView(msix_.table()), pending))
        state.refuse(2001, "is of another function");
    NYX_TRY(transport_.restore(state));
    config_.restore(bytes);
    msix_ = std::move(msix);
    msix_.set_control(config_.word(msix_at_ + 2u));
    drive_line();
    return {};
}

}  // namespace nyx::dev::virtio

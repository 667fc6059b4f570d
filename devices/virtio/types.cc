#include "devices/virtio/types.h"

#include "devices/virtio/console.h"
#include "devices/virtio/disk.h"
#include "devices/virtio/entropy.h"
#include "devices/virtio/mmio.h"
#include "devices/virtio/network.h"
#include "devices/virtio/pci.h"

namespace nyx::dev {
namespace {

constexpr RegionSpec kRegions[] = {{"regs", Space::kMmio, virtio::mmio::kWindow, 0xFE000000}};
constexpr std::string_view kLines[] = {"irq"};

constexpr SettingSpec kDiskSettings[] = {{"block_size", 512, 512, 4096, 3584}, {"read_only", 0, 0, 1}};
constexpr TextSpec kDiskTexts[] = {{"serial", 20}};

std::unique_ptr<virtio::Model> make_disk(SettingValues settings, const Environment& environment) {
    virtio::Disk::Config config;
    config.block_size = static_cast<std::uint32_t>(settings[0]);
    config.read_only = settings[1] != 0;
    if (!environment.texts.empty()) config.serial = environment.texts[0];
    return std::make_unique<virtio::Disk>(config, environment.block, environment.events);
}

// The address is the low 48 bits, its first byte the highest.
constexpr SettingSpec kNetSettings[] = {{"mac", 0x024E79000001, 1, 0xFEFFFFFFFFFF}};

std::unique_ptr<virtio::Model> make_net(SettingValues settings, const Environment& environment) {
    virtio::MacAddress mac{};
    for (std::size_t i = 0; i < mac.size(); ++i) mac.at(i) = static_cast<std::uint8_t>(settings[0] >> (8 * (5 - i)));
    return std::make_unique<virtio::Network>(mac, environment.network, environment.events);
}

std::unique_ptr<virtio::Model> make_console(SettingValues, const Environment& environment) {
    return std::make_unique<virtio::Console>(environment.output, environment.input_room);
}

std::unique_ptr<virtio::Model> make_rng(SettingValues, const Environment& environment) {
    return std::make_unique<virtio::Entropy>(environment.random);
}

template <std::unique_ptr<virtio::Model> (*make)(SettingValues, const Environment&)>
std::unique_ptr<Device> over_mmio(SettingValues settings, const Environment& environment) {
    return std::make_unique<virtio::MmioDevice>(make(settings, environment), environment);
}

constexpr RegionSpec kPciRegions[] = {{"memory", Space::kMmio, virtio::PciDevice::kMemorySize, 0xFE000000}};

// Behind a type's own settings: where the plan has put it.
constexpr SettingSpec kBar{"bar", 0xFE000000, 0, 0xFFFF8000, virtio::PciDevice::kMemorySize};
constexpr SettingSpec kLine{"line", 11, 0, 255};
constexpr SettingSpec kSlot{"slot", 1, 1, 31};
constexpr SettingSpec kPciDiskSettings[] = {kDiskSettings[0], kDiskSettings[1], kBar, kLine, kSlot};
constexpr SettingSpec kPciNetSettings[] = {kNetSettings[0], kBar, kLine, kSlot};
constexpr SettingSpec kPciSettings[] = {kBar, kLine, kSlot};

template <std::unique_ptr<virtio::Model> (*make)(SettingValues, const Environment&)>
std::unique_ptr<Device> over_pci(SettingValues settings, const Environment& environment) {
    SettingValues placed = settings.last(std::size(kPciSettings));
    return std::make_unique<virtio::PciDevice>(
        make(settings, environment),
        virtio::PciDevice::Placement{static_cast<std::uint32_t>(placed[0]), static_cast<std::uint8_t>(placed[1])},
        environment);
}

}  // namespace

namespace disk {
constinit const DeviceType kType = {
    .name = "disk",
    .title = "Disk: virtio block device (VIRTIO 1.2 §5.2) over MMIO",
    .regions = kRegions,
    .lines = kLines,
    .settings = kDiskSettings,
    .texts = kDiskTexts,
    .create = over_mmio<make_disk>,
};
}  // namespace disk

namespace net {
constinit const DeviceType kType = {
    .name = "net",
    .title = "Network card: virtio network device (VIRTIO 1.2 §5.1) over MMIO",
    .regions = kRegions,
    .lines = kLines,
    .settings = kNetSettings,
    .create = over_mmio<make_net>,
};
}  // namespace net

namespace console {
constinit const DeviceType kType = {
    .name = "console",
    .title = "Console: virtio console device (VIRTIO 1.2 §5.3) over MMIO",
    .regions = kRegions,
    .lines = kLines,
    .settings = {},
    .create = over_mmio<make_console>,
};
}  // namespace console

namespace rng {
constinit const DeviceType kType = {
    .name = "rng",
    .title = "Entropy source: virtio entropy device (VIRTIO 1.2 §5.4) over MMIO",
    .regions = kRegions,
    .lines = kLines,
    .settings = {},
    .create = over_mmio<make_rng>,
};
}  // namespace rng

namespace pci_disk {
constinit const DeviceType kType = {
    .name = "pci_disk",
    .title = "Disk: virtio block device (VIRTIO 1.2 §5.2) over PCI",
    .regions = kPciRegions,
    .lines = kLines,
    .settings = kPciDiskSettings,
    .texts = kDiskTexts,
    .create = over_pci<make_disk>,
};
}  // namespace pci_disk

namespace pci_net {
constinit const DeviceType kType = {
    .name = "pci_net",
    .title = "Network card: virtio network device (VIRTIO 1.2 §5.1) over PCI",
    .regions = kPciRegions,
    .lines = kLines,
    .settings = kPciNetSettings,
    .create = over_pci<make_net>,
};
}  // namespace pci_net

namespace pci_console {
constinit const DeviceType kType = {
    .name = "pci_console",
    .title = "Console: virtio console device (VIRTIO 1.2 §5.3) over PCI",
    .regions = kPciRegions,
    .lines = kLines,
    .settings = kPciSettings,
    .create = over_pci<make_console>,
};
}  // namespace pci_console

namespace pci_rng {
constinit const DeviceType kType = {
    .name = "pci_rng",
    .title = "Entropy source: virtio entropy device (VIRTIO 1.2 §5.4) over PCI",
    .regions = kPciRegions,
    .lines = kLines,
    .settings = kPciSettings,
    .create = over_pci<make_rng>,
};
}  // namespace pci_rng

}  // namespace nyx::dev

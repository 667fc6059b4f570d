#include "compiler/interchange/reasons.h"

#include <algorithm>
#include <array>

namespace nyx::interchange {

namespace {

struct Reason {
    std::string_view part;  // of the name of the thing
    std::string_view text;
};

// The first that is part of the name counts.
constexpr std::array kReasons = {
    Reason{"disk", "this build has virtio disks only"},
    Reason{"drive", "this build has virtio disks only"},
    Reason{"blk", "this build has virtio disks only"},
    Reason{"blockdev", "this build has virtio disks only"},
    Reason{"scsi", "this build has virtio disks only"},
    Reason{"nvme", "this build has virtio disks only"},
    Reason{"cdrom", "this build has virtio disks only"},
    Reason{"pmem", "this build has no persistent memory"},
    Reason{"nvdimm", "this build has no persistent memory"},
    Reason{"interface", "this build has virtio network cards, on the user-mode network or a tap interface"},
    Reason{"network", "this build has virtio network cards, on the user-mode network or a tap interface"},
    Reason{"net", "this build has virtio network cards, on the user-mode network or a tap interface"},
    Reason{"nic", "this build has virtio network cards, on the user-mode network or a tap interface"},
    Reason{"e1000", "this build has virtio network cards, on the user-mode network or a tap interface"},
    Reason{"rtl8139", "this build has virtio network cards, on the user-mode network or a tap interface"},
    Reason{"mmds", "this build has no metadata service"},
    Reason{"vsock", "this build has no virtio sockets"},
    Reason{"balloon", "this build has no memory balloon"},
    Reason{"hotplug", "memory and vCPUs are all there from the start in this build"},
    Reason{"rng", "this build has the random number device of virtio, fed by the host"},
    Reason{"entropy", "this build has the random number device of virtio, fed by the host"},
    Reason{"tpm", "this build has no TPM"},
    Reason{"watchdog", "this build has no watchdog device"},
    Reason{"fsdev", "this build has no shared folders"},
    Reason{"virtfs", "this build has no shared folders"},
    Reason{"filesystem", "this build has no shared folders"},
    Reason{"9p", "this build has no shared folders"},
    Reason{"virtiofs", "this build has no shared folders"},
    Reason{"vhost-user", "this build has no vhost-user devices"},
    Reason{"graphics", "this build has no display"},
    Reason{"video", "this build has no display"},
    Reason{"display", "this build has no display"},
    Reason{"vga", "this build has no display"},
    Reason{"gpu", "this build has no display"},
    Reason{"vnc", "this build has no display"},
    Reason{"spice", "this build has no display"},
    Reason{"redirdev", "this build has no USB"},
    Reason{"usb", "this build has no USB"},
    Reason{"sound", "this build has no sound"},
    Reason{"audio", "this build has no sound"},
    Reason{"input", "this build has no keyboard, mouse or tablet"},
    Reason{"tablet", "this build has no keyboard, mouse or tablet"},
    Reason{"keyboard", "this build has no keyboard, mouse or tablet"},
    Reason{"hostdev", "this build passes no host devices through"},
    Reason{"vfio", "this build passes no host devices through"},
    Reason{"iommu", "this build has no IOMMU"},
    Reason{"channel", "this build has no virtio serial ports"},
    Reason{"virtserialport", "this build has no virtio serial ports"},
    Reason{"virtconsole", "this build has no virtio serial ports"},
    Reason{"virtio-serial", "this build has no virtio serial ports"},
    Reason{"parallel", "this build has no parallel port"},
    Reason{"smartcard", "this build has no smart card reader"},
    Reason{"shmem", "this build has no shared memory device"},
    Reason{"controller", "this build has no USB or disk controllers, and its PCI bus comes by itself"},
    Reason{"pcie", "this build has no PCI"},
    Reason{"pci-bridge", "this build has no PCI"},
    Reason{"numa", "a machine of nyx is one node"},
    Reason{"cputune", "how the host schedules threads is not described in a machine"},
    Reason{"blkiotune", "how the host schedules threads is not described in a machine"},
    Reason{"resource", "how the host schedules threads is not described in a machine"},
    Reason{"memtune", "how the host backs memory is not described in a machine"},
    Reason{"memoryBacking", "how the host backs memory is not described in a machine"},
    Reason{"mem-path", "how the host backs memory is not described in a machine"},
    Reason{"mem-prealloc", "how the host backs memory is not described in a machine"},
    Reason{"huge_pages", "how the host backs memory is not described in a machine"},
    Reason{"memory-backend", "how the host backs memory is not described in a machine"},
    Reason{"iothread", "this build has no I/O threads"},
    Reason{"launchSecurity", "this build has no confidential guests"},
    Reason{"sev", "this build has no confidential guests"},
    Reason{"metadata", "it is a note of the program that wrote the file"},
    Reason{"sysinfo", "SMBIOS has the values of nyx in this build"},
    Reason{"smbios", "SMBIOS has the values of nyx in this build"},
    Reason{"uuid", "SMBIOS has the values of nyx in this build"},
    Reason{"genid", "this build has no generation id"},
    Reason{"vmgenid", "this build has no generation id"},
    Reason{"seclabel", "nyx does not label processes"},
    Reason{"emulator", "nyx runs the machine"},
    Reason{"logger", "`nyx logs` and its options are no part of a machine"},
    Reason{"metrics", "`nyx metrics` is no part of a machine"},
    Reason{"daemonize", "how the process is run is no part of a machine"},
    Reason{"monitor", "`nyx` has commands of its own for a running machine"},
    Reason{"qmp", "`nyx` has commands of its own for a running machine"},
    Reason{"mon", "`nyx` has commands of its own for a running machine"},
    Reason{"snapshot", "snapshots are not in this build"},
    Reason{"incoming", "migration is not in this build"},
    Reason{"migrat", "migration is not in this build"},
    Reason{"fw_cfg", "this build has no fw_cfg device"},
    Reason{"pidfile", "how the process is run is no part of a machine"},
    Reason{"sandbox", "how the process is run is no part of a machine"},
    Reason{"runas", "how the process is run is no part of a machine"},
    Reason{"chroot", "how the process is run is no part of a machine"},
    Reason{"gdb", "this build has no gdb server"},
};

}  // namespace

std::string reason_for(std::string_view thing) {
    const auto* found = std::find_if(kReasons.begin(), kReasons.end(), [&](const Reason& reason) {
        return thing.find(reason.part) != std::string_view::npos;
    });
    return std::string(found == kReasons.end() ? std::string_view("nyx has nothing like it") : found->text);
}

}  // namespace nyx::interchange

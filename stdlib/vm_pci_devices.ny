"""Devices that a machine is configured with; what they do in a guest is not in this build."""
from "vm_device_bus" import Device

class PCIDevice extends Device {
    """A device on the PCI bus: what it is. Its registers are not modelled here."""
    vendor_id: int = 0
    device_id: int = 0
    class_code: int = 0
    fn mmio_read(self, addr: int) -> int { __capability("model of ${self.name} in scripts") }
    fn mmio_write(self, addr: int, value: int) { __capability("model of ${self.name} in scripts") }
}
class E1000Device extends PCIDevice {
    """Intel 82540EM."""
    mac: string = "52:54:00:12:34:56"
    fn init(self, mac: string = "52:54:00:12:34:56") {
        self.name = "e1000"
        self.vendor_id = 0x8086
        self.device_id = 0x100E
        self.class_code = 0x020000
        self.mac = mac
    }
}
class VirtioNetDevice extends PCIDevice {
    mac: string = "52:54:00:12:34:56"
    fn init(self, mac: string = "52:54:00:12:34:56") {
        self.name = "virtio-net"
        self.vendor_id = 0x1AF4
        self.device_id = 0x1041
        self.class_code = 0x020000
        self.mac = mac
    }
}
class VirtioBlkDevice extends PCIDevice {
    path: string = ""
    fn init(self, path: string = "") {
        self.name = "virtio-blk"
        self.vendor_id = 0x1AF4
        self.device_id = 0x1042
        self.class_code = 0x010000
        self.path = path
    }
}
class AHCIDevice extends PCIDevice {
    """ICH9's AHCI controller."""
    ports: int = 6
    fn init(self, ports: int = 6) {
        self.name = "ahci"
        self.vendor_id = 0x8086
        self.device_id = 0x2922
        self.class_code = 0x010601
        self.ports = ports
    }
}

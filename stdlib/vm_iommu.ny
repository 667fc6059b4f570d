"""IOMMU domains, interrupt remapping and pass-through, as data that can be checked. This build gives no host device to a guest: machines
that ask for it are refused when they are built."""
import vm_core
import memory
from "hardware" import PCIAddress, parse_pci_id

const ISOLATION_STRICT = "STRICT"
const ISOLATION_SHARED = "SHARED"
const ISOLATION_UNMANAGED = "UNMANAGED"
const ISOLATION_TYPES = [ISOLATION_STRICT, ISOLATION_SHARED, ISOLATION_UNMANAGED]
const IOMMU_READ = 0x1
const IOMMU_WRITE = 0x2
const FAULT_RECORDED = "FAULT_RECORDED"
const DEVICE_ISOLATED = "DEVICE_ISOLATED"
const FAULTS_BEFORE_ISOLATION = 10

class IOMMUPageTable extends memory.PageTable {
    """Guest-physical to host-physical addresses, four levels."""
}

class IOMMUDomain {
    """Devices that see the same memory."""
    id: int = 0
    isolation: string = ISOLATION_STRICT
    table: IOMMUPageTable? = null
    devices: array<int> = []

    fn init(self, id: int, isolation: string = ISOLATION_STRICT) {
        if !(isolation in ISOLATION_TYPES) {
            throw "isolation is STRICT, SHARED or UNMANAGED, not ${isolation}"
        }
        self.id = id
        self.isolation = isolation
        self.table = IOMMUPageTable()
    }
    fn attach(self, device_id: int) {
        if self.isolation == ISOLATION_STRICT && len(self.devices) > 0 {
            throw "domain ${self.id} is strict and has its device"
        }
        self.devices.push(device_id)
    }
}

class InterruptRemapEntry {
    """One line of the interrupt remapping table."""
    device_id: int
    irq_index: int
    vector: int
    destination: int = 0 """Id of the local APIC."""
}

class InterruptRemappingTable {
    """Which vector of which processor an interrupt of a device becomes."""
    entries: map<string, InterruptRemapEntry> = {}

    fn set(self, entry: InterruptRemapEntry) {
        if entry.vector < 16 || entry.vector > 255 {
            throw "interrupt vectors are 16 to 255, not ${entry.vector}"
        }
        self.entries["${entry.device_id}:${entry.irq_index}"] = entry
    }
    fn find(self, device_id: int, irq_index: int) -> InterruptRemapEntry? {
        return self.entries.get("${device_id}:${irq_index}")
    }
    fn remove_device(self, device_id: int) -> int {
        """Takes all lines of a device out; gives their number."""
        let gone = [key for key, entry in self.entries.items() if entry.device_id == device_id]
        for key in gone { self.entries.remove(key) }
        return len(gone)
    }
}

class PassThroughDevice {
    """A PCI device of the host that a guest is given."""
    device_id: int = 0 """0xBBDD: bus, then device and function."""
    isolation: string = ISOLATION_STRICT
    domain: IOMMUDomain? = null
    faults: int = 0
    isolated: bool = false

    fn address(self) -> PCIAddress { return parse_pci_id(self.device_id) }
}

class DevicePassThroughManager {
    """Devices by their id, and their domains: one each, or the shared one."""
    devices: map<int, PassThroughDevice> = {}
    domains: map<int, IOMMUDomain> = {}
    next_domain: int = 0
    shared: IOMMUDomain? = null

    fn create_domain(self, isolation: string = ISOLATION_STRICT) -> IOMMUDomain {
        let domain = IOMMUDomain(self.next_domain, isolation)
        self.domains[domain.id] = domain
        self.next_domain += 1
        return domain
    }
    fn assign(self, device_id: int, isolation: string = ISOLATION_STRICT) -> PassThroughDevice {
        if self.devices.has(device_id) {
            throw "device ${parse_pci_id(device_id).text()} is assigned already"
        }
        if !(isolation in ISOLATION_TYPES) {
            throw "isolation is STRICT, SHARED or UNMANAGED, not ${isolation}"
        }
        let mut domain = null
        if isolation == ISOLATION_SHARED {
            if self.shared == null { self.shared = self.create_domain(ISOLATION_SHARED) }
            domain = self.shared
        } else if isolation == ISOLATION_STRICT {
            domain = self.create_domain(isolation)
        }
        if domain != null { domain.attach(device_id) }
        self.devices[device_id] = PassThroughDevice(device_id, isolation, domain)
        return self.devices[device_id]
    }
}

class IOMMUManager {
    """Domains, their mappings, and faults."""
    vm: vm_core.Machine? = null
    enabled: bool = false
    controllers: int = 0
    passthrough: DevicePassThroughManager? = null
    remapping: InterruptRemappingTable? = null
    fault_events: int = 0

    fn init(self, vm: vm_core.Machine? = null) {
        self.vm = vm
        self.passthrough = DevicePassThroughManager()
        self.remapping = InterruptRemappingTable()
    }
    fn _need(self) {
        if self.vm != null { self.vm.need("IOMMU") }
    }
    fn enable(self) {
        self._need()
        self.enabled = true
        self.controllers = max(self.controllers, 1)
        if len(self.passthrough.domains) == 0 { self.passthrough.create_domain(ISOLATION_SHARED) }
    }
    fn create_domain(self, isolation: string = ISOLATION_STRICT) -> int {
        self._need()
        return self.passthrough.create_domain(isolation).id
    }
    fn assign_device(
        self,
        device_id: int,
        isolation: string = ISOLATION_STRICT,
    ) -> PassThroughDevice {
        if self.vm != null { self.vm.need("device pass-through") }
        return self.passthrough.assign(device_id, isolation)
    }
    fn get_status(self) -> map<string, any> {
        """enabled, and how many controllers, domains, devices and fault_events there are."""
        return {
            enabled: self.enabled,
            controllers: self.controllers,
            domains: len(self.passthrough.domains),
            devices: len(self.passthrough.devices),
            fault_events: self.fault_events,
        }
    }
    fn _domain(self, domain_id: int) -> IOMMUDomain {
        if !self.passthrough.domains.has(domain_id) {
            throw "there is no IOMMU domain ${domain_id}"
        }
        return self.passthrough.domains[domain_id]
    }
    fn map_guest_memory(
        self,
        domain_id: int,
        guest_phys: int,
        host_phys: int,
        size: int,
        flags: int = IOMMU_READ | IOMMU_WRITE,
    ) -> int {
        """Gives the number of pages; of 2 MiB and 1 GiB where they fit."""
        self._need()
        return self._domain(domain_id).table.map_range(guest_phys, host_phys, size, flags)
    }
    fn unmap_guest_memory(self, domain_id: int, guest_phys: int, size: int) -> int {
        self._need()
        return self._domain(domain_id).table.unmap_range(guest_phys, size)
    }
    fn translate(self, domain_id: int, guest_phys: int) -> int? {
        """The host's address; null where nothing is mapped: a DMA there is a fault."""
        let found = self._domain(domain_id).table.translate(guest_phys)
        if found == null { return null }
        return found.address
    }
    fn setup_interrupt_remap(
        self,
        device_id: int,
        irq_index: int,
        vector: int,
        destination: int = 0,
    ) {
        self._need()
        self.remapping.set(InterruptRemapEntry(device_id, irq_index, vector, destination))
    }
    fn report_dma_fault(self, device_id: int) -> string {
        """FAULT_RECORDED, or DEVICE_ISOLATED from the tenth fault of a device on."""
        self._need()
        self.fault_events += 1
        let device = self.passthrough.devices.get(device_id)
        if device == null { return FAULT_RECORDED }
        device.faults += 1
        if device.faults < FAULTS_BEFORE_ISOLATION { return FAULT_RECORDED }
        device.isolated = true
        return DEVICE_ISOLATED
    }
}

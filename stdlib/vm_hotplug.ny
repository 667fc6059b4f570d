"""PCI hotplug: its slots as a state machine. This build plugs nothing into a running guest: machines that ask for it are refused when they are built."""
import vm_core

const HOTPLUG_PORT = 0xAE00
const SLOT_EMPTY = "EMPTY"
const SLOT_POWERED_OFF = "POWERED_OFF"
const SLOT_POWERED_ON = "POWERED_ON"
const SLOT_EJECTED = "EJECTED"
const HOTPLUG_SLOTS = 32

class HotplugEvent {
    """What the guest's ACPI code is told."""
    slot: int
    kind: string
        """device check (1) or eject request (3), by ACPI 6.5 section 5.6.6: `add` or `eject`."""
}

class PCIHotplugSlot {
    """One slot, and what is in it."""
    number: int = 0
    state: string = SLOT_EMPTY
    device: any = null
    attention: bool = false

    fn insert(self, device) {
        if self.state != SLOT_EMPTY && self.state != SLOT_EJECTED {
            throw "slot ${self.number} holds a device"
        }
        self.device = device
        self.state = SLOT_POWERED_OFF
    }
    fn power_on(self) {
        if self.state != SLOT_POWERED_OFF { throw "slot ${self.number} is ${self.state}" }
        self.state = SLOT_POWERED_ON
    }
    fn power_off(self) {
        if self.state != SLOT_POWERED_ON { throw "slot ${self.number} is ${self.state}" }
        self.state = SLOT_POWERED_OFF
    }
    fn eject(self) {
        """Gives the device that was in it."""
        if self.state == SLOT_EMPTY || self.state == SLOT_EJECTED {
            throw "slot ${self.number} is empty"
        }
        let device = self.device
        self.device = null
        self.state = SLOT_EJECTED
        return device
    }
    fn is_present(self) -> bool { return self.device != null }
    fn status(self) -> int {
        """The slot's status register: bit 0 present, bit 1 powered, bit 2 attention."""
        let mut bits = 0
        if self.is_present() { bits |= 1 }
        if self.state == SLOT_POWERED_ON { bits |= 2 }
        if self.attention { bits |= 4 }
        return bits
    }
}

class PCIHotplugController {
    """32 slots at port 0xAE00, and the events that the guest has not fetched."""
    slots: array<PCIHotplugSlot> = []
    events: array<HotplugEvent> = []

    fn init(self) {
        for number in 0..HOTPLUG_SLOTS { self.slots.push(PCIHotplugSlot(number)) }
    }
    fn find_free_slot(self) -> PCIHotplugSlot? {
        """The first that holds nothing; slot 0 is the host bridge's."""
        for slot in self.slots[1:] {
            if !slot.is_present() { return slot }
        }
        return null
    }
    fn add(self, device) -> int {
        """Puts a device into the first free slot, powers it, and gives the slot's number."""
        let slot = self.find_free_slot()
        if slot == null { throw "no PCI slot is left" }
        slot.insert(device)
        slot.power_on()
        self.events.push(HotplugEvent(slot.number, "add"))
        return slot.number
    }
    fn remove(self, number: int) {
        """Gives the device that was there."""
        if number < 1 || number >= HOTPLUG_SLOTS { throw "there is no hotplug slot ${number}" }
        let device = self.slots[number].eject()
        self.events.push(HotplugEvent(number, "eject"))
        return device
    }
    fn next_event(self) -> HotplugEvent? {
        """The oldest event, taken out."""
        if len(self.events) == 0 { return null }
        return self.events.pop(0)
    }
    fn read(self, register: int) -> int {
        """Port reads: 0 the slots with a device, 4 whether an event waits."""
        match register {
            0 => return sum([1 << slot.number for slot in self.slots if slot.is_present()])
            4 => return min(len(self.events), 1)
            _ => return 0
        }
    }
}

class DynamicDeviceManager {
    """Devices that come and go while a machine runs."""
    vm: vm_core.Machine? = null
    enabled: bool = false
    controller: PCIHotplugController? = null
    devices: map<int, map<string, any>> = {}

    fn init(self, vm: vm_core.Machine? = null) {
        self.vm = vm
        self.controller = PCIHotplugController()
    }
    fn enable_pci_hotplug(self) {
        if self.vm != null { self.vm.need("PCI hotplug") }
        self.enabled = true
    }
    fn add_pci_device(self, device, options: map<string, any> = {}) -> int {
        """Gives the device's id: its slot. options: device_type and name."""
        if self.vm != null { self.vm.need("PCI hotplug") }
        if !self.enabled { throw "hotplug is not enabled: call enable_pci_hotplug() first" }
        let id = self.controller.add(device)
        self.devices[id] = {
            device: device,
            device_type: options.get("device_type", "other"),
            name: options.get("name", "pci${id}"),
        }
        return id
    }
    fn remove_pci_device(self, device_id: int) -> bool {
        if self.vm != null { self.vm.need("PCI hotplug") }
        if !self.devices.has(device_id) { return false }
        self.controller.remove(device_id)
        return self.devices.remove(device_id)
    }
    fn list_devices(self) -> array<string> {
        return [device.name for device in self.devices.values()]
    }
}

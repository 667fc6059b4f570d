vm = ProductionVMBuilder().pvh("probe.elf").build()
#= enabling it
vm.dynamic_devices.enable_pci_hotplug();
#waits: PCI hotplug
#= adding a device
vm.dynamic_devices.enable_pci_hotplug();
let nic = vm_devices.E1000Device();
vm.dynamic_devices.add_pci_device(nic, {
    "device_type": "network",
    "name": "eth1"
});
#waits: PCI hotplug
#= removing it
vm.dynamic_devices.enable_pci_hotplug();
let device_id = vm.dynamic_devices.add_pci_device(vm_devices.E1000Device());
vm.dynamic_devices.remove_pci_device(device_id);
#waits: PCI hotplug
#= the slots by themselves
import vm_hotplug
let slots = vm_hotplug.DynamicDeviceManager()
slots.enable_pci_hotplug()
let id = slots.add_pci_device(vm_devices.E1000Device(), {"device_type": "network", "name": "eth1"})
print(id, slots.list_devices(), slots.controller.slots[id].state, slots.controller.read(0))  #> 1 ["eth1"] POWERED_ON 2
print(slots.remove_pci_device(id), slots.controller.slots[id].state, slots.controller.next_event().kind)  #> true EJECTED add

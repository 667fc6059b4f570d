"""Devices as classes: the interface, a bus, and register-level models of the PC's own.

The models compute: a script drives them through `io_read`, `io_write`, `mmio_read` and `mmio_write`. What a machine really has are the devices of
`std.devices`; to put a class into a machine is not in this build."""
from "vm_device_bus" import Device, DeviceBus
from "vm_interrupt_controllers" import PIC, IOAPIC, LAPIC
from "vm_timers" import PIT_HERTZ, PIT, RTC, HPET
from "vm_io_devices" import UART, PS2, PCIConfig, DMA, SMIPort, ResetPort, BochsVGA
from "vm_pci_devices" import PCIDevice, E1000Device, VirtioNetDevice, VirtioBlkDevice, AHCIDevice

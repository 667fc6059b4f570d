#= enabling it
vm = ProductionVMBuilder()
    .memory(8 * 1024**3)
    .cpus(4)
    .with_iommu()
    .passthrough_device(0x0300, "STRICT")
    .passthrough_device(0x0400, "SHARED")
    .build();
#waits: IOMMU
#waits: device pass-through
#= ids and kinds of isolation
import vm_iommu
let vm = ProductionVMBuilder()
    .passthrough_device(0x0100, "STRICT")    # GPU
    .passthrough_device(0x0300, "STRICT")    # NIC
    .passthrough_device(0x0400, "SHARED")    # Storage
    .passthrough_device(0x1A02, "UNMANAGED")
    .build()
print(vm_iommu.parse_pci_id(0x0300).text(), vm_iommu.parse_pci_id(0x1A02).text())  #> 03:00.0 1a:00.2
#waits: device pass-through
#= status
vm = ProductionVMBuilder().pvh("probe.elf").build()
let status = vm.iommu_mgr.get_status();
print(status)  #> {"enabled": false, "controllers": 0, "domains": 0, "devices": 0, "fault_events": 0}
#= interrupt remapping
vm = ProductionVMBuilder().with_iommu().build()
vm.iommu_mgr.setup_interrupt_remap(
    device_id=0x0300,
    irq_index=0,
    vector=32,           # Interrupt vector
    destination=0        # LAPIC ID
);
print(vm.iommu_mgr.remapping.find(0x0300, 0).vector)  #> 32
#waits: IOMMU
#= mapping memory for DMA
vm = ProductionVMBuilder().with_iommu().build()
vm.iommu_mgr.map_guest_memory(
    domain_id=0,
    guest_phys=0x10000000,
    host_phys=0x40000000,
    size=256*1024*1024,  # 256MB
    flags=0x3            # RW
);
print(hex(vm.iommu_mgr.translate(0, 0x10001234)))  #> 0x40001234
vm.iommu_mgr.unmap_guest_memory(
    domain_id=0,
    guest_phys=0x10000000,
    size=256*1024*1024
);
print(vm.iommu_mgr.translate(0, 0x10001234))  #> null
#waits: IOMMU
#= faults
vm = ProductionVMBuilder().with_iommu().passthrough_device(0x0300, "STRICT").build()
let fault_response = vm.iommu_mgr.report_dma_fault(device_id=0x0300);
print(fault_response)  #> FAULT_RECORDED
for i in 0..9 { last = vm.iommu_mgr.report_dma_fault(device_id=0x0300) }
print(last)  #> DEVICE_ISOLATED
#waits: IOMMU
#waits: device pass-through

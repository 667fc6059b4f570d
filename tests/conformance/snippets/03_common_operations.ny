#= memory and processors
let vm = ProductionVMBuilder()
    .memory(4 * 1024**3)
    .cpus(4)
print(4 * 1024**3)  #> 4294967296
#= boot by UEFI
let vm = ProductionVMBuilder()
    .uefi("firmware.fd")
    .build()
#waits: UEFI firmware
#= boot by BIOS
#builds
let vm = ProductionVMBuilder()
    .bios("seabios.bin")
    .build()
print(vm.name())  #> vm
#= disks and AHCI
let vm = ProductionVMBuilder()
    .pvh("probe.elf")
    .disk("system.qcow2")
    .disk("data.img")
    .ahci(true)
    .build()
#waits: disks
#waits: AHCI controller
#= network cards
let vm = ProductionVMBuilder()
    .pvh("probe.elf")
    .nic("e1000")
    .nic("virtio")
    .build()
#waits: network cards
#= display on
let vm = ProductionVMBuilder()
    .pvh("probe.elf")
    .gpu(true)
    .build()
#waits: display
#= display off
#builds
let vm = ProductionVMBuilder()
    .pvh("probe.elf")
    .gpu(false)
    .build()
#= production features that this build has
#builds
let vm = ProductionVMBuilder()
    .pvh("probe.elf")
    .with_logging()
    .with_metrics()
    .with_performance_tracing()
    .build()
print(vm.logger.count(), vm.metrics.metrics.enabled)  #> 1 true
#= error handling
let vm = ProductionVMBuilder()
    .pvh("probe.elf")
    .with_error_handling()
    .build()
#waits: handlers of guest exceptions
#= live migration
let vm = ProductionVMBuilder()
    .pvh("probe.elf")
    .with_live_migration()
    .build()
#waits: live migration
#= PCI hotplug
let vm = ProductionVMBuilder()
    .pvh("probe.elf")
    .with_pci_hotplug()
    .build()
#waits: PCI hotplug
#= TPM
let vm = ProductionVMBuilder()
    .pvh("probe.elf")
    .with_tpm()
    .build()
#waits: TPM
#= debug symbols
let vm = ProductionVMBuilder()
    .pvh("probe.elf")
    .with_debug_symbols("file")
    .build()
#waits: reader of debug symbols from files

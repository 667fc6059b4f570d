#= a machine from a configuration
let vm_config = VMConfig(
    name="MyVM",
    memory_size=4*1024**3,
    vcpu_count=4,
    boot_firmware="UEFI",
    boot_path=0xFFF0,  # BIOS: 0xFFF0, UEFI: 0xFFFFFFFF
    allow_nested_vm=false,
    enable_msi=true,
    enable_iommu=false
);
let vm = VirtualMachine(vm_config);
vm.init_devices();
vm.setup_uefi_boot("firmware.fd");
vm.run();
#waits: UEFI firmware
#= the same with a BIOS
#builds
let vm = VirtualMachine(VMConfig(name="MyVM", memory_size=64*1024**2, vcpu_count=2));
vm.init_devices();
vm.setup_bios_boot("seabios.bin");
print(vm.run());  #> 0
#= the plain builder
let config = VMBuilder("small").memory(64 * 1024**2).cpus(1).firmware("BIOS").config
print(config.name, config.validate())  #> small []

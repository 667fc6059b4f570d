let floor = 256 MiB

fn share(size, count) { return size / count }

machine small {
    memory = 128 MiB  #~ label@14 `memory` is 128 MiB  #~ label@14 `memory` is 128 MiB
    cpus   = 4  #~ label@14 `cpus` is 4
    boot   = elf("probe.elf")
    serial com1 { base = 0x2f8 }  #~ label@26 `com1.base` is 0x2f8
    require memory >= floor and len("abc") == 3  #~ NY0511@13 this requirement is not met  #~ note `floor` is 256 MiB  #~ note `memory >= floor` is false
    require memory > 1 GiB or com1.base == 0x3f8 or share(memory, cpus) >= 64 MiB, "each CPU needs 64 MiB"  #~ NY0511@13 each CPU needs 64 MiB  #~ note `memory > 1 GiB` is false  #~ note `com1.base == 0x3f8` is false  #~ note `memory > 1 GiB or com1.base == 0x3f8` is false  #~ note `share(memory, cpus)` is 32 MiB  #~ note `share(memory, cpus) >= 64 MiB` is false
    require not acpi  #~ NY0511@13 this requirement is not met  #~ note `acpi` is true, the default
}

machine large : small {
    memory = 512 MiB
    require com1.irq != null and com1.base in [0x3f8, 0x3e8]  #~ NY0511@13 this requirement is not met  #~ note `com1.irq` is auto, the default  #~ note `com1.irq != null` is false
}

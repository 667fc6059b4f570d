machine web {
    boot linux {  #~ NY0505@5 there is no device type `boot`  #~ help `boot` is a field and not a device: `boot = …`
        kernel = "vmlinux"
    }
}
machine two { memory { size = 512 MiB }; boot = pvh(image: "probe.elf") }  #~ NY0505@15 there is no device type `memory`  #~ help `memory` is a field and not a device: `memory = …`

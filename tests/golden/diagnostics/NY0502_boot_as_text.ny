machine web {
    boot = "vmlinux"  #~ NY0502@12 `boot` takes one of elf, firmware, flat, linux, multiboot, pvh  #~ help say how: `boot = linux("vmlinux")`
}

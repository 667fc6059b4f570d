machine web {
    boot = pvh(image: "probe.elf")
    memory = 512 KiB  #~ NY0402@14 512 KiB of memory is less than a PC has  #~ help give the machine at least 1 MiB; a Linux guest wants 64 MiB or more
}

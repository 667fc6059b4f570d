machine web {
    boot = pvh(image: "probe.elf")
    memory = 1000000  #~ NY0401@14 memory of 1000000 bytes is not a whole number of 4 KiB pages  #~ help the next size up is 980 KiB: `memory = 980 KiB`
}

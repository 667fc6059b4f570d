machine web {
    boot = pvh(image: "probe.elf")
    memory = 512 KiB
}

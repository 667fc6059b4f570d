machine web {
    boot = pvh(image: "probe.elf")
    memory = 64 TiB
}

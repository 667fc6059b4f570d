machine web {
    boot = pvh(image: "probe.elf")
    memory = 64 MiB
    memory = 128 MiB
}

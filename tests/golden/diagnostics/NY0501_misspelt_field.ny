machine web {
    boot = pvh(image: "probe.elf")
    memroy = 64 MiB
}

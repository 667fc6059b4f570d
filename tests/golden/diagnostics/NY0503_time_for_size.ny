machine web {
    boot = pvh(image: "probe.elf")
    memory = 100 ms
}

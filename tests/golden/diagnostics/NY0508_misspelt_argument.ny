machine web {
    boot = pvh(imgae: "probe.elf")
}

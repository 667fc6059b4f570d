machine web {
    boot = pvh(image: "probe.elf")
}
machine web {
    boot = pvh(image: "probe.elf")
    cpus = 2
}

machine web {
    boot = pvh(image: "probe.elf")
    require memory, "there must be memory"
}

machine web {
    boot = pvh(image: "probe.elf")
    pvpanic one { }
    pvpanic two { port = 0x506 }
}

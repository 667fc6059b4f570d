machine web {
    boot = pvh(image: "probe.elf")
    pvpanic one { }  #~ label@5 one is the first
    pvpanic two { port = 0x506 }  #~ NY0420@5 a machine has at most one pvpanic  #~ help remove one of them
}

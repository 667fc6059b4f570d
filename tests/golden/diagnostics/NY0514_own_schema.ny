schema floppy : device { }
machine web {
    boot = pvh(image: "probe.elf")
}

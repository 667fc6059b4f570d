schema floppy : device { }  #~ NY0514@8 schemas are declared in stdlib only
machine web {
    boot = pvh(image: "probe.elf")
}

machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { base = 0xfffc }  #~ NY0410@26 com1 would reach beyond the last I/O port  #~ help the last port is 0xffff, so the last `base` that fits is 0xfff8
}

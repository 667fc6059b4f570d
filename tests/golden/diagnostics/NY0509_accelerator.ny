machine web {
    boot = pvh(image: "probe.elf")
    accelerator = hvf  #~ NY0509@19 `hvf` is not a choice for `accelerator`
    irqchip = usr  #~ NY0509@15 `usr` is not a choice for `irqchip`  #~ help did you mean `user`?
    serial com1 { }
}

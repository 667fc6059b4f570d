machine web {
    boot = pvh(image: "prob.elf")  #~ NY0601@23 there is no file 'prob.elf'  #~ help did you mean 'probe.elf'?
}

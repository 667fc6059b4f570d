machine web {
    boot = pvh(image: "probe.elf")
    seriel com1 { }  #~ NY0505@5 there is no device type `seriel`  #~ help did you mean `serial`?
}

machine web {
    boot = pvh(image: "probe.elf")
    memory = 512 MIB  #~ NY0007@18 `MIB` is not a unit  #~ help did you mean `MiB`?
    serial com1 { }
}

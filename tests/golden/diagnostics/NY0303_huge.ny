machine web {
    boot = pvh(image: "probe.elf")
    memory = 9999999999 TiB  #~ NY0303@14 this quantity does not fit 64 bits
    serial com1 { }
}

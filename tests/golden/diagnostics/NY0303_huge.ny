machine web {
    boot = pvh(image: "probe.elf")
    memory = 9999999999 TiB  #~ NY0303@14 this is no whole number of bytes, or it is too large
    serial com1 { }
}

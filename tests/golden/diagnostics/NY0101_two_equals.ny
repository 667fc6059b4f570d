machine web {
    boot = pvh(image: "probe.elf")
    memory = = 512 MiB  #~ NY0101@14 expected a value, found `=`  #~ help `=` sets a value and stands alone in a statement; `==` compares
    serial com1 { }
}

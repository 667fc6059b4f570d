machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { backend = stdoi }  #~ NY0509@29 `stdoi` is not a choice for `backend`  #~ help did you mean `stdio`?
}

machine web {
    boot = pvh(imgae: "probe.elf")  #~ NY0508@16 `pvh` takes no argument `imgae`  #~ help did you mean `image`?
}

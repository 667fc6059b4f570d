machine web {  #~ label@13 this `{` is closed by `}`
    boot = pvh(image: "probe.elf")
    memory = 256 MiB)  #~ NY0103@21 nothing is open for this `)`
    serial com1 { }
}

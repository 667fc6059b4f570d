machine web {  #~ label@9 the first
    boot = pvh(image: "probe.elf")
}
machine web {  #~ NY0222@9 two machines are called `web`  #~ help give it another name
    boot = pvh(image: "probe.elf")
    cpus = 2
}

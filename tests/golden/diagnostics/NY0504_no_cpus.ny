machine web {
    boot = pvh(image: "probe.elf")
    cpus = 0  #~ NY0504@12 `cpus` is 1 to 1024, and 0 is not  #~ help the nearest that is allowed: `cpus = 1`
}

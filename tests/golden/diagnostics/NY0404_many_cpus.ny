machine web {
    boot = pvh(image: "probe.elf")
    cpus = 300  #~ NY0404@12 300 vCPUs are not 1 to 255  #~ help an xAPIC id has 8 bits, and 255 means all processors
}

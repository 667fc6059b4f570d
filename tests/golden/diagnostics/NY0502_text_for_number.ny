machine web {
    boot = pvh(image: "probe.elf")
    cpus = "two"  #~ NY0502@12 `cpus` takes a whole number from 1 to 1024  #~ help numbers and quantities are written without quotes
}

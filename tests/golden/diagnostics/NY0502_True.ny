machine web {
    boot = pvh(image: "probe.elf")
    acpi = True  #~ NY0502@12 `acpi` takes true or false
    cpus = 2
}

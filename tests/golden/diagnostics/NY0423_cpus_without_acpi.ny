machine web {
    boot = pvh(image: "probe.elf")
    cpus = 2
    acpi = false
}

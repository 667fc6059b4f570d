machine web {
    boot = pvh(image: "probe.elf")
    cpus = 2  #~ label@12 more than one vCPU is set here
    acpi = false  #~ NY0423@12 without ACPI the guest will not find its 2 vCPUs  #~ help leave ACPI on, or use one vCPU
}

machine web {  #~ label@5 acpi_pm has line 9 since here (the default for acpi_pm) [elsewhere]
    boot = pvh(image: "probe.elf")
    serial com1 { irq = 9 }  #~ NY0416@25 two devices claim the same interrupt line  #~ help the next free line is 10: `irq = 10`
}

machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { irq = 4 }  #~ label@25 com1 has line 4 since here
    serial com2 { irq = 4; backend = none }  #~ NY0415@25 two devices claim the same interrupt line  #~ help the next free line is 5: `irq = 5`
}

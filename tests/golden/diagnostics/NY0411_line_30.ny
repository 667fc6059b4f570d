machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { irq = 30 }  #~ NY0411@25 there is no interrupt line 30  #~ help the I/O APIC has lines 0 to 23  #~ help the next free line is 3: `irq = 3`
}

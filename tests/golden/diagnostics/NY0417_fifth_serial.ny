machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { backend = none }
    serial com2 { backend = none }
    serial com3 { backend = none }
    serial com4 { backend = none }
    serial com5 { backend = none }
}

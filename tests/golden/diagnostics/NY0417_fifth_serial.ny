machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { backend = none }  #~ label@5 com1 has 0x3f8–0x3ff
    serial com2 { backend = none }  #~ label@5 com2 has 0x2f8–0x2ff
    serial com3 { backend = none }  #~ label@5 com3 has 0x3e8–0x3ef
    serial com4 { backend = none }  #~ label@5 com4 has 0x2e8–0x2ef
    serial com5 { backend = none }  #~ NY0417@5 there are no bases left for com5  #~ help the next free range of this size is 0x1000–0x1007: `base = 0x1000`
}

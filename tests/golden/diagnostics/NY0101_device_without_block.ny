machine web {
    boot = pvh(image: "probe.elf")
    serial com2  #~ NY0101@16 expected `(` or `{`, found `}`  #~ help a device has a block, even if it is empty: `serial com2 { }`
}

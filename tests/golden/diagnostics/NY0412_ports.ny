machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { }
    exit exit { port = 0x3fc }
}

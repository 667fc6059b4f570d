machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { }  #~ label@5 com1 has 0x3f8–0x3ff since here (the default for com1)
    exit exit { port = 0x3fc }  #~ NY0412@24 two devices claim the same I/O ports  #~ help the next free range of this size is 0x400–0x403: `port = 0x400`
}

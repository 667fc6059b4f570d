machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { }
}
machine staging : web {
    debugcon com1 { }
}

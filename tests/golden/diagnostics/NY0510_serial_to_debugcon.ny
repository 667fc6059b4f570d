machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { }  #~ label@5 a serial since here
}
machine staging : web {
    debugcon com1 { }  #~ NY0510@5 `com1` is inherited as a serial and cannot become a debugcon  #~ help give the new device another name
}

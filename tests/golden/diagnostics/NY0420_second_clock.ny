machine web {
    boot = pvh(image: "probe.elf")
    rtc clock { }
}

machine web {  #~ label@5 rtc is the first (the board brings it) [elsewhere]
    boot = pvh(image: "probe.elf")
    rtc clock { }  #~ NY0420@5 a machine has at most one rtc  #~ help call it rtc to change the board's own
}

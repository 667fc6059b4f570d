# What one machine gets wrong in its fields does not hide what it gets wrong on the board.  #~ label@5 i8042 has 0x60 since here (the default for i8042) [elsewhere]
machine web {
    memroy = 64 MiB  #~ NY0501@5 machine web has no field `memroy`  #~ help did you mean `memory`?
    cpus = 300  #~ NY0404@12 300 vCPUs are not 1 to 255  #~ help an xAPIC id has 8 bits, and 255 means all processors
    boot = pvh(image: "prob.elf")  #~ NY0601@23 there is no file 'prob.elf'  #~ help did you mean 'probe.elf'?
    serial com1 { base = 0x3f8; backend = stdoi }  #~ NY0509@43 `stdoi` is not a choice for `backend`  #~ help did you mean `stdio`?  #~ label@26 com1 has 0x3f8–0x3ff since here
    debugcon { port = 0x3f8 }  #~ NY0412@23 two devices claim the same I/O ports  #~ help the next free range of this size is 0x400: `port = 0x400`
    seriel com2 { }  #~ NY0505@5 there is no device type `seriel`  #~ help did you mean `serial`?
    rtc { }  #~ label@5 rtc is the first
    exit exit { port = 0x60 }  #~ NY0412@24 two devices claim the same I/O ports  #~ help the next free range of this size is 0x68–0x6b: `port = 0x68`
    require memory >= 1 GiB, "too small"
    require com2.base == 3, "not said: com2 is unknown"
}
machine spare : web {
    boot = pvh(image: "probe.elf", cmdline: "console=ttyS1")
    rtc another { }  #~ NY0420@5 a machine has at most one rtc  #~ help remove one of them
}

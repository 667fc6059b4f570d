machine web {
    boot = pvh(image: "probe.elf", cmdline: "console=ttyS0")  #~ NY0422@45 the command line names ttyS0 and the machine has no serial port at 0x3f8  #~ help add `serial com1 { }`, or name a port that is there
}
machine db {
    boot = pvh(image: "probe.elf", cmdline: "quiet console=ttyS1,115200 panic=-1")  #~ NY0422@45 the command line names ttyS1 and the machine has no serial port at 0x2f8  #~ help add `serial com2 { }`, or name a port that is there
    serial com1 { }
}

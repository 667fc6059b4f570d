machine web {
    boot = pvh(image: "probe.elf", cmdline: "console=ttyS0")  #~ NY0422@45 the command line names ttyS0 and the machine has no serial port at 0x3f8  #~ help add `serial com1 { }`, or name a port that is there
}

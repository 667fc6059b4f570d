device beeper(base: port = 0x61) {  #~ NY0902@1 this build cannot compile device declarations yet  #~ help inside a machine, `device NAME(…)` adds a device that the standard library declares
    bank regs: pio @ base, size 1 { reg control @0 rw }
}

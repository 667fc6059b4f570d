machine web {
    boot = pvh(image: "probe.elf")
    on reset { print("again") }  #~ NY0901@5 this build of Nyx has no `on` handlers
    serial com1 { }
}

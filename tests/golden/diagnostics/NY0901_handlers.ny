machine web {
    boot = pvh(image: "probe.elf")
    on reset { print("again") }  #~ NY0901@8 this build of Nyx has no handlers of `reset`
    on shutdown { pass }  #~ NY0901@8 this build of Nyx has no handlers of `shutdown`
}

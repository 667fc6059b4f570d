machine web {
    boot = pvh(image: "probe.elf")
    on exception(page_fault) (ctx) { log.warn("fault at ${ctx.rip:x}"); recover retry }  #~ NY0901@8 this build of Nyx has no handlers of guest exceptions
    on watchdog { pass }  #~ NY0901@8 this build of Nyx has no watchdog timers
    on reset { print("again") }
}

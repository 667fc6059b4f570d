machine web {
    boot = pvh(image: "probe.elf")
    on resett { print("again") }  #~ NY0201@8 there is no event `resett`  #~ help did you mean `reset`?
    on poweroff { pass }  #~ NY0201@8 there is no event `poweroff`  #~ help did you mean `shutdown`?
    on shutdown (ctx) { log.info("off: ${ctx.reason} after ${ctx.time}") }
    on exception(page_fault) (ctx) {
        if ctx.address < 4096 { recover shutdown }
        log.warn("fault at ${ctx.rip:x}")
        recover ignore
    }
}

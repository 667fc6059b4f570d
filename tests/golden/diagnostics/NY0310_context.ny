machine web {
    boot = pvh(image: "probe.elf")
    on exception(page_fault) (fault) { print(fault.rpi) }  #~ NY0310@52 `exception` has no `rpi`  #~ help did you mean `rip`?
    on reset (ctx) { log.wran(ctx.reason) }  #~ NY0310@26 `log` has no `wran`  #~ help did you mean `warn`?
    test "it starts" {
        boot()
        expect.seriel("login:")  #~ NY0310@16 a test cannot expect `seriel`  #~ help did you mean `expect.serial`?
    }
}

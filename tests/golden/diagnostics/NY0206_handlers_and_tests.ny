machine web {
    boot = pvh(image: "probe.elf")
    on exception(page_fold) (ctx) { recover ignored }  #~ NY0206@18 this is no `kind` of `exception`  #~ help did you mean `page_fault`?  #~ NY0206@45 this is no way to recover  #~ help did you mean `ignore`?
    on reset(hard) { }
    on shutdown (a, b) { }  #~ NY0206@18 `on shutdown` takes no argument
    on panic { recover retry }  #~ NY0206@24 this is no way to recover
    on guest_exit { recover reboot }  #~ NY0206@29 this is no way to recover  #~ help did you mean `reset`?
    test "it starts" { expect.serial("x", withn: 3 s) }  #~ NY0206@43 `expect.serial` has no parameter `withn`
}

machine web {
    boot = pvh(image: "probe.elf")
    test "it starts" { bot() }  #~ NY0201@24 nothing here is called `bot`
    on reset { prnt("again") }  #~ NY0201@16 nothing here is called `prnt`  #~ help did you mean `print`?
}

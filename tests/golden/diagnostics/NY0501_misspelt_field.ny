machine web {
    boot = pvh(image: "probe.elf")
    memroy = 64 MiB  #~ NY0501@5 machine web has no field `memroy`  #~ help did you mean `memory`?
}

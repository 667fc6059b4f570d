host rack {
    memory = 64 GiB
    serial com1 { }  #~ NY0108@5 a device cannot stand in a host  #~ help a host holds fields (`memory = 64 GiB`), `let`, `if` and `for … in`
    machine web { boot = pvh(image: "probe.elf") }  #~ NY0108@5 `machine` cannot stand in a host  #~ help a host holds fields (`memory = 64 GiB`), `let`, `if` and `for … in`
}

serial com1 { }  #~ NY0108@1 a device cannot stand outside a machine  #~ help devices stand inside `machine name { … }`; a call is written `name(…)`
machine web { boot = elf("probe.elf"); print(1) }  #~ NY0108@40 this statement cannot stand in a machine  #~ help a machine holds fields (`memory = 2 GiB`), devices, `let`, `if`, `for … in`, `require`, `on` and `test`

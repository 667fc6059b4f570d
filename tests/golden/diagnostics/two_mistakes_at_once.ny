# Of one setting, and of one chain of calls, every mistake is said.  #~ label@7 declared here [elsewhere]  #~ label@7 declared here [elsewhere]  #~ label@21 declared here [elsewhere]
machine web {
    boot   = pvh(image: "probe.elf")
    memory = first_part() + second_part  #~ NY0201@14 nothing here is called `first_part`  #~ NY0201@29 nothing here is called `second_part`
}
let built = ProductionVMBuilder().memroy(64 MiB).cpus(2).devcies(3).kernel(4).build()  #~ NY0310@35 ProductionVMBuilder has no member `memroy`  #~ help did you mean `memory`?  #~ NY0310@58 ProductionVMBuilder has no member `devcies`  #~ NY0209@76 parameter `path` is string?, and this is int

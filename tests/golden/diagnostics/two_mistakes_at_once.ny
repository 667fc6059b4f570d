# Of one setting, and of one chain of calls, every mistake is said.
machine web {
    boot   = pvh(image: "probe.elf")
    memory = first_part() + second_part
}
let built = ProductionVMBuilder().memroy(64 MiB).cpus(2).devcies(3).kernel(4).build()

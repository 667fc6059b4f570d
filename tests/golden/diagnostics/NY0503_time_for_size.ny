machine web {
    boot = pvh(image: "probe.elf")
    memory = 100 ms  #~ NY0503@14 `memory` takes a size, such as 512 MiB, and 100 ms is a time  #~ label@5 takes a size, such as 512 MiB
}

machine web {
    boot = pvh(image: "probe.elf")
    memory = 64 MiB  #~ label@14 `memory` is 64 MiB
    require memory >= 512 MiB, "the package manager needs half a gigabyte"  #~ NY0511@13 the package manager needs half a gigabyte
}

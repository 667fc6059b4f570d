machine web {
    memory = 512M  #~ NY0005@14 `512M` is not a number  #~ help a size is written with its whole unit: `512 MiB`
    boot = pvh(image: "probe.elf")
}
let a = 4g  #~ NY0005@9 `4g` is not a number  #~ help a size is written with its whole unit: `4 GiB`
let b = 3x  #~ NY0005@9 `3x` is not a number  #~ help numbers are written 42, 1_000, 0x2a, 0o52, 0b101010, 1.5 or 1e9, with an optional unit: 2 GiB

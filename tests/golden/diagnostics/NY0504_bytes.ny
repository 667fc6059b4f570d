machine web {
    memory = 512  #~ NY0504@14 `memory` is 4 KiB to 256 TiB, and 512 B is not  #~ help a number without a unit counts bytes; with one: `memory = 512 MiB`
    boot = pvh(image: "probe.elf")
}

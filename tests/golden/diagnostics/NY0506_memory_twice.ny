machine web {
    boot = pvh(image: "probe.elf")
    memory = 64 MiB  #~ label@5 first set here
    memory = 128 MiB  #~ NY0506@5 `memory` is set twice  #~ help remove one of the two
}

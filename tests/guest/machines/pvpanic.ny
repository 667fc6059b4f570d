machine pvpanic {
    memory = 16 MiB
    boot   = flat(image: "pvpanic.bin", load: 0x100000, entry: 0x100000, mode: long64)
    serial com1 { }
    pvpanic pvpanic { }
}

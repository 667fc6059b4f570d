machine hang {
    memory = 16 MiB
    boot   = flat(image: "hang.bin", load: 0x100000, entry: 0x100000, mode: long64)
    serial com1 { }
}

machine reset {
    memory = 16 MiB
    boot   = flat(image: "reset.bin", load: 0x100000, entry: 0x100000, mode: long64)
    serial com1 { }
    exit exit { }
}

machine triple_fault {
    memory = 16 MiB
    boot   = flat(image: "triple_fault.bin", load: 0x100000, entry: 0x100000, mode: long64)
    serial com1 { }
}

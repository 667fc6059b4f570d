machine emulation_failure {
    memory = 16 MiB
    boot   = flat(image: "emulation_failure.bin", load: 0x100000, entry: 0x100000, mode: long64)
    serial com1 { }
    exit exit { }
}

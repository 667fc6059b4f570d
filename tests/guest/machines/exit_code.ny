machine exit_code {
    memory = 16 MiB
    boot   = flat(image: "exit_code.bin", load: 0x100000, entry: 0x100000, mode: long64)
    serial com1 { }
    exit exit { }
}

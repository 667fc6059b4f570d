machine hello16 {
    memory = 16 MiB
    boot   = flat(image: "hello16.bin", load: 0x7c00, entry: 0x7c00, mode: real16)
    serial com1 { }
    exit exit { }
}

machine hello32 {
    memory = 16 MiB
    boot   = flat(image: "hello32.bin", load: 0x100000, entry: 0x100000, mode: protected32)
    serial com1 { }
    exit exit { }
}
